package io.tarn.posix.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a request costs: programs' threads here, the mount of a {@link MemoryFileSystem} with no timeouts in a process of its own, whose time on
 * the CPU is divided by the operations. Arguments, for each run: how many readers, and how many of them may work on requests themselves ({@code 5/4});
 * {@code 5/0} hands all to virtual threads; {@code jnr} goes through libfuse.
 */
public final class MountMeasurement {
    private static final long WARM_NANOS = 3_000_000_000L;
    private static final long MEASURE_NANOS = 3_000_000_000L;
    private static final double TICK_MICROS = 10_000;
    private static final int SMALL_BYTES = 4096;
    private static final int LARGE_BYTES = 1 << 20;
    private static final String JNR = "jnr";
    private static final String ANY = "5/4";

    private MountMeasurement() {}

    private interface Work {
        void once(int thread) throws IOException;
    }

    public static void main(final String[] arguments) throws Exception {
        System.out.println("readers/inline  threads  work            ops/s   CPU us/op of the mount");
        for (final String inline : arguments) {
            final Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "fusewire-measure-");
            final Process server = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-Djnr=" + inline.equals(JNR),
                            "-Dreaders=" + (inline.equals(JNR) ? ANY : inline).split("/")[0],
                            "-Dinline=" + (inline.equals(JNR) ? ANY : inline).split("/")[1],
                            "-Ddirect=true",
                            "-cp",
                            System.getProperty("java.class.path"),
                            MemoryMount.class.getName(),
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                server.inputReader(StandardCharsets.UTF_8).readLine();
                measure(directory, server.pid(), inline);
            } finally {
                Mounting.unmount(directory, true);
                server.waitFor();
                Files.delete(directory);
            }
        }
    }

    private static void measure(final Path directory, final long server, final String inline) throws Exception {
        final Path file = Files.write(directory.resolve("f"), new byte[LARGE_BYTES]);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (final int threads : new int[] {1, 4}) {
                final List<ByteBuffer> buffers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    buffers.add(ByteBuffer.allocateDirect(LARGE_BYTES));
                }
                run(inline, threads, "stat", server, thread -> Files.readAttributes(file, BasicFileAttributes.class));
                run(inline, threads, "create+unlink", server, thread -> {
                    final Path made = directory.resolve("t" + thread);
                    Files.newByteChannel(made, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                            .close();
                    Files.delete(made);
                });
                for (final int size : new int[] {SMALL_BYTES, LARGE_BYTES}) {
                    run(
                            inline,
                            threads,
                            "read " + size,
                            server,
                            thread -> channel.read(buffers.get(thread).clear().limit(size), 0));
                }
            }
        }
    }

    private static void run(
            final String inline, final int threads, final String name, final long server, final Work work)
            throws Exception {
        repeat(threads, WARM_NANOS, work);
        final long before = ticks(server);
        final long began = System.nanoTime();
        final long count = repeat(threads, MEASURE_NANOS, work);
        final double seconds = (System.nanoTime() - began) / 1e9;
        final double micros = (ticks(server) - before) * TICK_MICROS / count;
        System.out.printf("%14s  %7d  %-13s %8.0f   %8.1f%n", inline, threads, name, count / seconds, micros);
    }

    private static long repeat(final int threads, final long nanos, final Work work) throws Exception {
        final var count = new LongAdder();
        final List<Thread> started = new ArrayList<>();
        final long deadline = System.nanoTime() + nanos;
        for (int i = 0; i < threads; i++) {
            final int thread = i;
            started.add(Thread.ofPlatform().start(() -> {
                try {
                    while (System.nanoTime() < deadline) {
                        work.once(thread);
                        count.increment();
                    }
                } catch (final IOException failed) {
                    throw new java.io.UncheckedIOException(failed);
                }
            }));
        }
        for (final Thread thread : started) {
            thread.join();
        }
        return count.sum();
    }

    /** User and system time of a process (proc_pid_stat(5)). */
    private static long ticks(final long pid) throws IOException {
        final String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
