package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Packs the contents of one volume's files into a few open extents, which it takes from the ledger when it needs them, seals
 * when they are full, idle or failed, and releases once every block in them is named or given up.
 *
 * <p>Thread-safe; a {@link ContentSink} belongs to one thread at a time. Callers block for buffers, for their turn in a lane
 * and for durability. A content costs one copy (into its chunk), then what an append costs; contents of one chunk cost one
 * append, and appends of many contents share forces.
 *
 * <p>When an append fails, its extent is sealed at the last acknowledged byte and the chunk goes to a new extent, at most
 * {@value ContentSink#MAX_ATTEMPTS} times; {@link Failure#OUT_OF_SPACE} is passed on at once.
 */
public final class PackedWriter implements AutoCloseable {
    private final long volume;
    private final ExtentLedger ledger;
    private final ExtentTarget target;
    private final BufferPool pool;
    private final PackedWriterOptions options;
    private final LongSupplier nanoTime;
    private final List<Lane> lanes;
    private final Set<PackedExtent> unsettled = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param pool lends the chunks; the target must not take its own buffers from it
     * @param nanoTime clock of {@link #tick}
     */
    public PackedWriter(
            final long volume,
            final ExtentLedger ledger,
            final ExtentTarget target,
            final BufferPool pool,
            final PackedWriterOptions options,
            final LongSupplier nanoTime) {
        this.volume = volume;
        this.ledger = ledger;
        this.target = target;
        this.pool = pool;
        this.options = options;
        this.nanoTime = nanoTime;
        this.lanes = IntStream.range(0, options.lanes())
                .mapToObj(lane -> new Lane(target, this::allocate, unsettled::add, options.rollBytes(), nanoTime))
                .toList();
    }

    /** A sink for a content of unknown size. */
    public ContentSink open() {
        return open(options.chunkBytes());
    }

    /**
     * A sink for a content of about {@code expectedBytes}, so that small ones take small buffers. A wrong guess costs more
     * appends, nothing else.
     */
    public ContentSink open(final long expectedBytes) {
        if (closed) {
            throw new StorageException(Failure.UNAVAILABLE, "the writer of volume " + volume + " is closed");
        }
        final int chunk = Math.clamp(expectedBytes, BufferPool.MIN_BUFFER_BYTES, options.chunkBytes());
        return new ContentSink(this, pool, options, chunk);
    }

    /** Seals what has been idle for long enough, and goes on with seals and releases that failed before. Blocks. */
    public void tick(final long nowNanos) {
        lanes.forEach(lane -> lane.retireIdle(nowNanos - options.idleAfter().toNanos()));
        settle();
    }

    /** Seals everything; may be repeated to try again. Extents with undecided blocks, or whose seal failed, are left to the ledger's session. */
    @Override
    public void close() {
        closed = true;
        lanes.forEach(Lane::retire);
        settle();
    }

    /** The volume whose contents it packs. */
    public long volume() {
        return volume;
    }

    /** Extents that are retired and not released. */
    public int unsettledExtents() {
        return unsettled.size();
    }

    /** Takes the first free lane in turn, so that a lone writer stays in few extents and forces are shared. */
    Lane lane() {
        final Lane first = lanes.getFirst();
        if (lanes.size() == 1 || first.queueLength() == 0) {
            return first;
        }
        return lanes.get(Math.floorMod(turn.getAndIncrement(), lanes.size()));
    }

    void settle() {
        if (!unsettled.isEmpty()) {
            unsettled.removeIf(extent -> extent.settle(ledger, target));
        }
    }

    private PackedExtent allocate() {
        if (unsettled.size() >= options.maxUnsettled()) {
            settle();
        }
        if (unsettled.size() >= options.maxUnsettled()) {
            throw new StorageException(
                    Failure.UNAVAILABLE,
                    unsettled.size() + " extents of volume " + volume + " wait to be sealed or released");
        }
        // a full disk must not cost the ledger an extent at every attempt
        target.requireRoom(options.chunkBytes());
        final ExtentLedger.Allocation allocation = ledger.allocate(volume);
        final PackedExtent extent = new PackedExtent(allocation, nanoTime.getAsLong());
        try {
            target.create(allocation.extent(), allocation.epoch());
        } catch (StorageException e) {
            extent.retire();
            unsettled.add(extent);
            throw e;
        }
        return extent;
    }
}
