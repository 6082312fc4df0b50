package io.tarn.bench.micro;

import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.ExtentStoreOptions;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.file.RealFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One append made durable, and one block read and verified from memory; below the working directory, so on its disk. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExtentAppend {
    private static final long EPOCH = 1;

    /** Payload of one append. */
    @Param({"4096", "1048576"})
    public int sizeBytes;

    private ByteBuffer payload = ByteBuffer.allocate(0);
    private ByteBuffer target = ByteBuffer.allocate(0);
    private Path directory = Path.of("");
    private ExtentStore store;
    private Block readable;
    private long extent;
    private long offset;

    /** Opens a store in a new directory. */
    @Setup
    public void open() throws IOException {
        final byte[] bytes = new byte[sizeBytes];
        new SplittableRandom(sizeBytes).nextBytes(bytes);
        payload = ByteBuffer.allocateDirect(sizeBytes).put(bytes).flip();
        target = ByteBuffer.allocateDirect(sizeBytes);
        directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "extent-append-");
        store = ExtentStore.open(new RealFiles(), directory, ExtentStoreOptions.defaults());
        next();
        readable = append();
        next();
    }

    private void next() {
        extent++;
        store.create(new ExtentId(extent), EPOCH);
        offset = ExtentTarget.FIRST_OFFSET;
    }

    /** Checksums, write and fdatasync of one record. */
    @Benchmark
    public Block append() {
        if (offset + ExtentTarget.appendedBytes(sizeBytes) > ExtentTarget.MAX_EXTENT_BYTES) {
            store.delete(new ExtentId(extent));
            next();
        }
        final Block block = store.appendAsync(new ExtentId(extent), EPOCH, offset, List.of(payload.duplicate()))
                .join();
        offset += ExtentTarget.appendedBytes(sizeBytes);
        return block;
    }

    /** Reads a whole block and proves it. */
    @Benchmark
    public ByteBuffer read() {
        target.clear();
        store.read(readable, 0, sizeBytes, target);
        return target;
    }

    /** Removes everything. */
    @TearDown
    public void remove() throws IOException {
        store.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
