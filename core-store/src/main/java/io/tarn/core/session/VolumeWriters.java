package io.tarn.core.session;

import io.tarn.client.ContentWriter;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.extent.PackedWriter;
import io.tarn.core.extent.PackedWriterOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The packed writer of each volume that is being written to. A writer without extents is a few hundred bytes, one for each volume
 * ever written to since the start. Thread-safe.
 */
public final class VolumeWriters implements Writers, AutoCloseable {
    private final Map<Long, PackedWriter> writers = new ConcurrentHashMap<>();
    private final ShardLedger ledger;
    private final ExtentTarget target;
    private final BufferPool buffers;
    private final int inlineMaxBytes;
    private final PackedWriterOptions options;
    private final LongSupplier nanoTime;

    public VolumeWriters(
            final ShardMap shards, final ExtentTarget target, final BufferPool buffers, final int inlineMaxBytes) {
        this(shards, target, buffers, inlineMaxBytes, PackedWriterOptions.defaults(), System::nanoTime);
    }

    /** @param nanoTime clock of {@link #tick} */
    public VolumeWriters(
            final ShardMap shards,
            final ExtentTarget target,
            final BufferPool buffers,
            final int inlineMaxBytes,
            final PackedWriterOptions options,
            final LongSupplier nanoTime) {
        this.ledger = new ShardLedger(shards);
        this.target = target;
        this.buffers = buffers;
        this.inlineMaxBytes = inlineMaxBytes;
        this.options = options;
        this.nanoTime = nanoTime;
    }

    @Override
    public ContentWriter open(final long volume) {
        return new SpillingWriter(writers.computeIfAbsent(volume, this::newWriter), inlineMaxBytes);
    }

    private PackedWriter newWriter(final long volume) {
        return new PackedWriter(volume, ledger, target, buffers, options, nanoTime);
    }

    /** Seals what has been idle and goes on with seals and releases that failed before. Blocks. */
    public void tick(final long nowNanos) {
        writers.values().forEach(writer -> writer.tick(nowNanos));
    }

    /** Seals everything that is open. */
    @Override
    public void close() {
        writers.values().forEach(PackedWriter::close);
        writers.clear();
    }
}
