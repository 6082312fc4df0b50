package io.tarn.core.extent;

import io.tarn.core.file.FileLayer;
import io.tarn.core.file.RealFiles;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Durable contents per second on a real disk through the packed writer: a figure to compare changes with, not a benchmark.
 * Run its {@code main} with a directory on the disk to measure.
 */
final class AppendThroughput {
    private static final long RUN_NANOS = 4_000_000_000L;

    private AppendThroughput() {}

    public static void main(final String[] arguments) throws Exception {
        final Path directory = Files.createTempDirectory(Path.of(arguments[0]), "extents");
        final FileLayer layer = new RealFiles();
        try (ExtentStore store = ExtentStore.open(
                        layer, directory, ExtentStoreOptions.defaults().withReserveBytes(0));
                PackedWriter writer = new PackedWriter(
                        1,
                        new RecordingLedger(),
                        store,
                        new BufferPool(128L << 20),
                        PackedWriterOptions.defaults(),
                        System::nanoTime)) {
            for (int round = 0; round < 2; round++) {
                measure(writer, 1, 4 << 10);
                measure(writer, 32, 4 << 10);
                measure(writer, 128, 4 << 10);
                measure(writer, 1, 1 << 20);
                measure(writer, 8, 1 << 20);
            }
            store.list().forEach(info -> {
                if (info.state() == ExtentInfo.State.SEALED) {
                    store.delete(info.extent());
                }
            });
        }
        for (final String fan : layer.list(directory)) {
            for (final String name : layer.list(directory.resolve(fan))) {
                layer.delete(directory.resolve(fan).resolve(name));
            }
            Files.delete(directory.resolve(fan));
        }
        Files.delete(directory);
    }

    private static void measure(final PackedWriter writer, final int threads, final int bytes) {
        final AtomicLong contents = new AtomicLong();
        final long cpuBefore = cpuNanos();
        final long start = System.nanoTime();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < threads; i++) {
                pool.execute(() -> {
                    final ByteBuffer content = ByteBuffer.allocateDirect(bytes);
                    while (System.nanoTime() - start < RUN_NANOS) {
                        final List<Block> blocks;
                        try (ContentSink sink = writer.open(bytes)) {
                            sink.write(content.clear());
                            blocks = sink.finish();
                            sink.committed();
                        }
                        contents.addAndGet(blocks.isEmpty() ? 0 : 1);
                    }
                });
            }
        }
        final double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%3d threads, %7d bytes: %8.0f contents/s, %7.1f MB/s, %.3f CPU-s per 1,000%n",
                threads,
                bytes,
                contents.get() / seconds,
                contents.get() / seconds * bytes / 1e6,
                (cpuNanos() - cpuBefore) / 1e6 / contents.get());
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
