package io.tarn.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A server process with its descendants, as Linux's {@code /proc} shows them. Thread-safe; each call reads anew.
 *
 * @param pid id of the root of the tree
 */
public record ProcessTree(int pid) {
    /** USER_HZ of every Linux that Java runs on: the unit of times in /proc, whatever the kernel's own tick is. */
    private static final long TICKS_PER_SECOND = 100;

    private static final Path PROC = Path.of("/proc");

    /**
     * User and system CPU time that the tree has used so far, its waited-for children included. The kernel gives it in steps
     * of 10 ms.
     *
     * @throws IOException when the root process is gone
     */
    public double cpuSeconds() throws IOException {
        long ticks = 0;
        for (final int member : members()) {
            ticks += stat(member).map(ProcStat::cpuTicks).orElse(0L);
        }
        return (double) ticks / TICKS_PER_SECOND;
    }

    /** Memory of the tree; pages shared between its processes count in each. */
    public Memory memory() throws IOException {
        Memory sum = new Memory(0, 0);
        for (final int member : members()) {
            sum = sum.plus(read(member, "status").map(Memory::parse).orElse(new Memory(0, 0)));
        }
        return sum;
    }

    private List<Integer> members() throws IOException {
        if (stat(pid).isEmpty()) {
            throw new IOException("server process " + pid + " has ended");
        }
        final List<Integer> members = new ArrayList<>();
        members.add(pid);
        ProcessHandle.of(pid).ifPresent(root -> root.descendants().forEach(child -> members.add((int) child.pid())));
        return members;
    }

    private static Optional<ProcStat> stat(final int pid) throws IOException {
        return read(pid, "stat").map(ProcStat::parse);
    }

    private static Optional<String> read(final int pid, final String file) throws IOException {
        final Path path = PROC.resolve(Integer.toString(pid)).resolve(file);
        try {
            return Optional.of(Files.readString(path));
        } catch (final IOException e) {
            if (Files.exists(path)) {
                throw e;
            }
            return Optional.empty(); // ended between listing and reading
        }
    }
}
