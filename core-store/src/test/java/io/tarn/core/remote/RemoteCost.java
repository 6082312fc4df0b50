package io.tarn.core.remote;

import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.OpenFile;
import io.tarn.client.TarnClient;
import io.tarn.core.protocol.Transport;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * What a call costs without and with a socket between: calls a second, and CPU of client and node together, which share this process. Run
 * by hand.
 */
public final class RemoteCost {
    private static final int SMALL_BYTES = 4 << 10;
    private static final int LARGE_BYTES = 1 << 20;
    private static final AtomicLong NAMES = new AtomicLong();

    private RemoteCost() {}

    public static void main(final String[] arguments) throws Exception {
        final Path data =
                Files.createTempDirectory(Path.of(arguments.length > 0 ? arguments[0] : "/tmp"), "remote-cost");
        try (ServedNode node = new ServedNode(data)) {
            final String unix = "unix:" + data.resolve("socket");
            node.service.listen(Transport.address(unix));
            final RemoteOptions through = RemoteOptions.DEFAULT.withLocalReads(false);
            System.out.printf("%-12s %-24s %8s %12s %10s%n", "wire", "work", "threads", "calls/s", "CPU us");
            for (int round = 0; round < 2; round++) {
                measure("embedded", node.node.client(), node.annsVolume);
                try (RemoteClient tcp = RemoteClient.connect(node.endpoint(), ServedNode.ANN, through)) {
                    measure("tcp", tcp, node.annsVolume);
                }
                try (RemoteClient socket = RemoteClient.connect(unix, ServedNode.ANN, through)) {
                    measure("unix", socket, node.annsVolume);
                }
                try (RemoteClient local = RemoteClient.connect(unix, ServedNode.ANN, RemoteOptions.DEFAULT)) {
                    measure("unix, files", local, node.annsVolume);
                }
            }
        }
    }

    private static void measure(final String wire, final TarnClient client, final long volume) throws Exception {
        final long root = client.inodes().root(volume).inode();
        final Key name = Key.of("known" + NAMES.incrementAndGet());
        final ByteBuffer small = ByteBuffer.allocateDirect(SMALL_BYTES);
        final ByteBuffer large = ByteBuffer.allocateDirect(LARGE_BYTES);
        try (OpenFile file = client.inodes().create(root, name, NewNode.file(0644, ServedNode.OWNER), true)) {
            for (int i = 0; i < 64; i++) {
                file.write((long) i * LARGE_BYTES, large.duplicate());
            }
            file.sync();
            for (final int threads : new int[] {1, 8}) {
                run(wire, "lookup", threads, 3_000, i -> client.inodes().lookup(root, name));
                run(wire, "create+write 4K+close", threads, 400, i -> {
                    try (OpenFile made = client.inodes()
                            .create(
                                    root,
                                    Key.of("f" + NAMES.incrementAndGet()),
                                    NewNode.file(0644, ServedNode.OWNER),
                                    true)) {
                        made.write(0, small.duplicate());
                    }
                });
                run(
                        wire,
                        "read 4K",
                        threads,
                        2_000,
                        i -> file.read(i % 64 * LARGE_BYTES, ByteBuffer.allocate(SMALL_BYTES)));
                run(
                        wire,
                        "read 1M",
                        threads,
                        200,
                        i -> file.read(i % 64 * LARGE_BYTES, ByteBuffer.allocateDirect(LARGE_BYTES)));
                run(wire, "write 1M", threads, 60, i -> {
                    try (var writer = client.objects().write(volume)) {
                        writer.write(large.duplicate());
                        writer.finish();
                    }
                });
            }
        }
    }

    private static void run(
            final String wire, final String work, final int threads, final int each, final LongConsumer call)
            throws Exception {
        final var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final long cpu = system.getProcessCpuTime();
        final long begin = System.nanoTime();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(workers.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        call.accept(i);
                    }
                }));
            }
            for (final Future<?> one : all) {
                one.get();
            }
        }
        final double calls = (double) threads * each;
        System.out.printf(
                "%-12s %-24s %8d %12.0f %10.1f%n",
                wire,
                work,
                threads,
                calls * 1e9 / (System.nanoTime() - begin),
                (system.getProcessCpuTime() - cpu) / 1e3 / calls);
    }
}
