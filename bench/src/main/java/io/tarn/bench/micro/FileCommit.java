package io.tarn.bench.micro;

import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.OpenFile;
import io.tarn.client.Principal;
import io.tarn.client.VolumeSettings;
import io.tarn.core.node.LocalNode;
import io.tarn.core.node.NodeSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a mount pays for a small file on a whole node, log and disk and all: {@code create}, one write of 4 KiB, {@code close}. The figure is
 * files a second; the directory {@code -Dtarn.bench.data} says which disk.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class FileCommit {
    private static final int FILE_BYTES = 4 << 10;
    private static final Principal OWNER = new Principal("root", "root", 1, 1, List.of(), true);

    private final AtomicLong names = new AtomicLong();
    private final byte[] bytes = new byte[FILE_BYTES];
    private Path data;
    private LocalNode node;
    private Inodes inodes;
    private long root;
    private long sample;

    /** Starts a node on an empty directory and makes a volume. */
    @Setup
    public void start() throws IOException {
        final String place = System.getProperty("tarn.bench.data", "");
        data = place.isEmpty()
                ? Files.createTempDirectory("tarn-bench")
                : Files.createTempDirectory(Path.of(place), "tarn-bench");
        node = LocalNode.start(NodeSettings.defaults(data));
        node.administration().ensureRoot("ROOTKEY", "rootsecret");
        final long volume = node.client()
                .administration()
                .createVolume("bench", OWNER, VolumeSettings.DEFAULT)
                .id();
        inodes = node.client().inodes();
        root = inodes.root(volume).inode();
        try (OpenFile file = inodes.create(root, Key.of("sample"), NewNode.file(0644, OWNER), true)) {
            file.write(0, ByteBuffer.wrap(bytes));
            sample = file.inode();
        }
    }

    /** Stops the node and removes its data. */
    @TearDown
    public void stop() throws IOException {
        node.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private long write() {
        final Key name = Key.of("file-" + names.incrementAndGet());
        try (OpenFile file = inodes.create(root, name, NewNode.file(0644, OWNER), true)) {
            file.write(0, ByteBuffer.wrap(bytes));
            return file.inode();
        }
    }

    private int read() {
        try (OpenFile file = inodes.openForReading(sample)) {
            return file.read(0, ByteBuffer.allocate(FILE_BYTES));
        }
    }

    /** One writer. */
    @Benchmark
    @Threads(1)
    public long oneWriter() {
        return write();
    }

    /** Eight writers, who share log entries. */
    @Benchmark
    @Threads(8)
    public long eightWriters() {
        return write();
    }

    /** Opens, reads and closes one small file. */
    @Benchmark
    @Threads(1)
    public int oneReader() {
        return read();
    }
}
