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
    private static final Path PROC = Path.of("/proc");

    /**
     * User and system CPU time that the tree has used so far, its waited-for children included. The kernel gives it in steps
     * of 10 ms.
     *
     * @throws IOException when the root process is gone
     */
    public double cpuSeconds() throws IOException {
        return cpuTime().seconds();
    }

    /** The same, by where it was used. */
    public CpuTime cpuTime() throws IOException {
        CpuTime sum = CpuTime.NONE;
        for (final int member : members()) {
            sum = sum.plus(stat(member).map(ProcStat::cpuTime).orElse(CpuTime.NONE));
        }
        return sum;
    }

    /** Memory of the tree; pages shared between its processes count in each. */
    public Memory memory() throws IOException {
        Memory sum = new Memory(0, 0);
        for (final int member : members()) {
            sum = sum.plus(memory(member));
        }
        return sum;
    }

    List<Integer> members() throws IOException {
        if (stat(pid).isEmpty()) {
            throw new IOException("server process " + pid + " has ended");
        }
        final List<Integer> members = new ArrayList<>();
        members.add(pid);
        ProcessHandle.of(pid).ifPresent(root -> root.descendants().forEach(child -> members.add((int) child.pid())));
        return members;
    }

    /** Of one process; none when it has ended. */
    static Memory memory(final int pid) throws IOException {
        return read(pid, "status").map(Memory::parse).orElse(new Memory(0, 0));
    }

    static Optional<ProcStat> stat(final int pid) throws IOException {
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
