package io.tarn.posix.fuse;

import io.tarn.posix.fs.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Who a request comes from. The kernel names one group; supplementary ones are read from {@code /proc/PID/status} when someone asks, and only
 * then. A caller that is gone by then has none.
 */
public record RequestCaller(int uid, int gid, int pid, int umask, long request) implements Caller {
    private static final String GROUPS = "Groups:";

    RequestCaller(final RequestHeader header, final int umask) {
        this(header.uid(), header.gid(), header.pid(), umask, header.request());
    }

    @Override
    public boolean isIn(final int group) {
        if (group == gid) {
            return true;
        }
        if (pid == 0) {
            return false;
        }
        final String status;
        try {
            // names of processes need not be UTF-8
            status = Files.readString(Path.of("/proc", Integer.toString(pid), "status"), StandardCharsets.ISO_8859_1);
        } catch (final IOException gone) {
            return false;
        }
        final String wanted = Integer.toUnsignedString(group);
        return status.lines()
                .filter(line -> line.startsWith(GROUPS))
                .flatMap(line ->
                        Arrays.stream(line.substring(GROUPS.length()).strip().split("\\s+")))
                .anyMatch(wanted::equals);
    }
}
