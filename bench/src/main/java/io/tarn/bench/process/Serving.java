package io.tarn.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The processes that serve a mount: process trees, and all processes whose environment has a mark, which daemons and their
 * successors inherit. Thread-safe; each call reads anew. A file system of the kernel has none.
 *
 * @param roots processes that count with their descendants
 * @param mark {@code NAME=VALUE} in the environment of those that count, at their start
 */
public record Serving(List<Integer> roots, Optional<String> mark) {
    private static final Path PROC = Path.of("/proc");

    public Serving {
        roots = List.copyOf(roots);
    }

    /** Of a file system that no process serves. */
    public static Serving nobody() {
        return new Serving(List.of(), Optional.empty());
    }

    /**
     * CPU time that the living members used so far, with what children that were waited for used.
     *
     * @throws IOException when there is no member, though there should be
     */
    public CpuTime cpuTime() throws IOException {
        CpuTime sum = CpuTime.NONE;
        for (final int member : members()) {
            sum = sum.plus(ProcessTree.stat(member).map(ProcStat::cpuTime).orElse(CpuTime.NONE));
        }
        return sum;
    }

    /** Memory of the members; pages that they share count in each. */
    public Memory memory() throws IOException {
        Memory sum = new Memory(0, 0);
        for (final int member : members()) {
            sum = sum.plus(ProcessTree.memory(member));
        }
        return sum;
    }

    private Set<Integer> members() throws IOException {
        final Set<Integer> members = new TreeSet<>();
        for (final int root : roots) {
            members.addAll(new ProcessTree(root).members());
        }
        if (mark.isPresent()) {
            members.addAll(marked(mark.get()));
        }
        if (members.isEmpty() && mark.isPresent()) {
            throw new IOException(
                    "no process has " + mark.get() + " in its environment: what serves the mount has ended");
        }
        return members;
    }

    private static List<Integer> marked(final String mark) throws IOException {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            return processes
                    .map(process -> (int) process.pid())
                    .filter(pid -> has(pid, mark))
                    .toList();
        }
    }

    private static boolean has(final int pid, final String mark) {
        try {
            final String environment = Files.readString(
                    PROC.resolve(Integer.toString(pid)).resolve("environ"), StandardCharsets.ISO_8859_1);
            return ('\0' + environment).contains('\0' + mark + '\0');
        } catch (final IOException e) {
            return false; // ended, or another user's
        }
    }
}
