package io.tarn.bench.mount;

import io.tarn.bench.linux.Calls;
import io.tarn.bench.mount.work.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Empties caches: of the mount's processes by mounting again, of the kernel by {@code drop_caches}, which takes the page cache of the disk
 * below as well (Documentation/admin-guide/sysctl/vm.rst).
 */
final class Coldness {
    private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
    private static final String PAGES_AND_INODES = "3";
    private static final Duration REMOUNT_TIME = Duration.ofMinutes(2);

    private final boolean dropCaches;
    private final Path scratch;

    Coldness(final boolean dropCaches, final Path scratch) {
        this.dropCaches = dropCaches;
        this.scratch = scratch;
    }

    static boolean canDropCaches() {
        return Files.isWritable(DROP_CACHES);
    }

    void chill(final Place place) throws IOException, InterruptedException {
        new Calls().syncFileSystem(place.directory());
        if (place.remount().isPresent()) {
            final Program.Run run = new Program(
                            scratch,
                            scratch,
                            List.of("/bin/sh", "-c", place.remount().get()))
                    .run(REMOUNT_TIME);
            if (!run.finished()) {
                throw new IOException(
                        place.name() + " was not mounted again within " + REMOUNT_TIME.toSeconds() + " s");
            }
        }
        if (dropCaches) {
            Files.writeString(DROP_CACHES, PAGES_AND_INODES);
        }
    }
}
