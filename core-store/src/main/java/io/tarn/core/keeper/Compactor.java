package io.tarn.core.keeper;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ContentSink;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.extent.Pacer;
import io.tarn.core.extent.PackedWriter;
import io.tarn.core.extent.PackedWriterOptions;
import io.tarn.core.namespace.ExtentProposals;
import io.tarn.core.namespace.ExtentProposals.Move;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.ExtentQueries.Known;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import io.tarn.core.session.VolumeWriters;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what is alive out of extents that are mostly dead, and small extents of a volume together. A page of blocks is read and
 * verified, appended to the volume's compaction extent, made durable, and then one command points whatever refers to the old blocks to
 * the copies: a compare-and-set for each block, so that one that was overwritten, deleted or cloned meanwhile is dealt with as it is
 * at that moment. The emptied extent is given back by {@link SpaceKeeper}, once no reader that began before is open.
 *
 * <p>What a crash leaves is harmless wherever it cuts: copies that nothing points to are garbage of an extent whose writer is gone,
 * and the old blocks stay until nothing points to them. A block that cannot be read stays where it is.
 *
 * <p>Driven by one thread. A round copies at most {@link #BLOCKS_PER_ROUND} blocks at the rate that is set, with one buffer of 4 MiB
 * and {@link #BLOCKS_IN_FLIGHT} blocks on their way to disk; a look at extents reads {@link #LOOK_PAGE} records. Counts blocks.
 */
public final class Compactor implements BackgroundWork {
    static final int BLOCKS_PER_ROUND = 64;
    static final int BLOCKS_IN_FLIGHT = 8;
    static final int LOOK_PAGE = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final ExtentId FIRST = new ExtentId(0);
    private static final Set<Failure> UNREADABLE = EnumSet.of(Failure.CORRUPT, Failure.NOT_FOUND, Failure.IO_ERROR);
    private static final PackedWriterOptions WRITER = new PackedWriterOptions(
            1,
            ExtentTarget.MAX_APPEND_BYTES,
            BLOCKS_IN_FLIGHT,
            ExtentTarget.MAX_EXTENT_BYTES,
            Duration.ofSeconds(30),
            16,
            Duration.ofSeconds(30));

    private final ShardSession shard;
    private final ExtentStore store;
    private final ReadPins pins;
    private final VolumeWriters writers;
    private final CompactionSettings settings;
    private final Waits waits;
    private final Pacer pacer;
    private final Victims victims;
    private final LongAdder moved = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private volatile long backlog;
    private Optional<ByteBuffer> buffer = Optional.empty();
    private Optional<Open> open = Optional.empty();
    private ExtentId looked = FIRST;
    private long offset;
    private Optional<Long> restUntilNanos = Optional.empty();

    /** The writer of the volume whose extents are being compacted. */
    private record Open(long volume, PackedWriter writer) {}

    public Compactor(
            final ShardSession shard,
            final ExtentStore store,
            final ReadPins pins,
            final VolumeWriters writers,
            final CompactionSettings settings,
            final Waits waits) {
        this.shard = shard;
        this.store = store;
        this.pins = pins;
        this.writers = writers;
        this.settings = settings;
        this.waits = waits;
        this.pacer = new Pacer(settings.bytesPerSecond(), waits::nanoTime, waits::sleep);
        this.victims = new Victims(settings);
    }

    @Override
    public String name() {
        return "compaction";
    }

    @Override
    public boolean round() {
        if (settings.livePercent() == 0) {
            return false;
        }
        boolean finished = false;
        try {
            final boolean more = victims.isEmpty() ? look() : copySome();
            finished = true;
            return more;
        } finally {
            if (!finished) {
                giveUp();
            }
            backlog = victims.size();
        }
    }

    /** A failed step is left as after a crash: the victim is found again by the next look. */
    private void giveUp() {
        if (!victims.isEmpty()) {
            victims.removeFirst();
        }
        offset = 0;
        closeWriter();
    }

    /** Looks at one page of extents; false when all are looked at and none is worth the work. */
    private boolean look() {
        if (restUntilNanos.filter(until -> waits.nanoTime() - until < 0).isPresent()) {
            return false;
        }
        restUntilNanos = Optional.empty();
        final List<Known> page = query(queries -> queries.extents(looked, LOOK_PAGE));
        page.forEach(victims::consider);
        if (page.size() == LOOK_PAGE) {
            looked = page.getLast().id();
            return true;
        }
        looked = FIRST;
        victims.lookedAtAll();
        restUntilNanos = Optional.of(waits.nanoTime() + settings.every().toNanos());
        return !victims.isEmpty();
    }

    private <T> T query(final Function<ExtentQueries, T> query) {
        return shard.shard().read(reader -> query.apply(new ExtentQueries(reader)));
    }

    private boolean copySome() {
        final Victims.Victim victim = victims.first();
        if ((offset == 0 && !isStillWorthIt(victim.extent())) || !copyPage(victim)) {
            victims.removeFirst();
            offset = 0;
        }
        if (victims.isEmpty()) {
            closeWriter();
        }
        return true;
    }

    /** Whether the extent is as it was looked at. Headers count as used here: an extent of tiny blocks is never "mostly dead" by them. */
    private boolean isStillWorthIt(final ExtentId extent) {
        final Optional<ExtentRecord> record = query(queries -> queries.extent(extent));
        if (record.filter(found -> found.getState() == ExtentState.RELEASED).isEmpty()) {
            return false;
        }
        final long bytes = record.get().getLength() - ExtentTarget.FIRST_OFFSET;
        if (bytes < settings.smallBytes()) {
            return true;
        }
        final long[] used = new long[1];
        query(queries -> {
            queries.liveBlocks(extent, block -> used[0] += ExtentTarget.appendedBytes(block.length()));
            return true;
        });
        return used[0] * 100 < bytes * settings.livePercent();
    }

    /** Copies the next blocks of a victim; false when there are no more. */
    private boolean copyPage(final Victims.Victim victim) {
        final ReadPins.Pin pin = pins.pin(shard.shard().appliedIndex());
        try {
            final List<Block> page = query(queries -> queries.liveBlocks(victim.extent(), offset, BLOCKS_PER_ROUND));
            if (page.isEmpty()) {
                return false;
            }
            try (ContentSink sink = writer(victim.volume()).open()) {
                final List<Block> from = new ArrayList<>();
                for (final Block block : page) {
                    if (read(block)) {
                        sink.writeBlock(buffer.orElseThrow());
                        from.add(block);
                    }
                }
                final List<Block> to = sink.finish();
                if (!from.isEmpty()) {
                    final long flipped =
                            shard.call(ExtentProposals.move(moves(from, to))).getMoved().getMovedList().stream()
                                    .filter(done -> done)
                                    .count();
                    moved.add(flipped);
                }
                sink.committed();
            }
            offset = page.getLast().offset() + 1;
            return page.size() == BLOCKS_PER_ROUND;
        } finally {
            pin.close();
        }
    }

    private static List<Move> moves(final List<Block> from, final List<Block> to) {
        final List<Move> moves = new ArrayList<>(from.size());
        for (int at = 0; at < from.size(); at++) {
            if (from.get(at).length() != to.get(at).length()
                    || from.get(at).checksum() != to.get(at).checksum()) {
                throw new IllegalStateException("the copy of " + from.get(at) + " is another: " + to.get(at));
            }
            moves.add(new Move(from.get(at), to.get(at)));
        }
        return moves;
    }

    /** Fills the buffer with a block, verified; false when it cannot be read. */
    private boolean read(final Block block) {
        pacer.pass(block.length());
        if (buffer.isEmpty()) {
            buffer = Optional.of(ByteBuffer.allocateDirect(ExtentTarget.MAX_APPEND_BYTES));
        }
        final ByteBuffer target = buffer.get();
        target.clear().limit(block.length());
        try {
            store.read(block, 0, block.length(), target);
        } catch (final StorageException failed) {
            if (!UNREADABLE.contains(failed.failure())) {
                throw failed;
            }
            unreadable.increment();
            LOG.warn("a block stays where it is: {}", failed.getMessage());
            return false;
        }
        target.flip();
        return true;
    }

    private PackedWriter writer(final long volume) {
        if (open.filter(present -> present.volume() == volume).isEmpty()) {
            closeWriter();
            open = Optional.of(new Open(volume, writers.dedicated(volume, WRITER)));
        }
        return open.get().writer();
    }

    private void closeWriter() {
        open.ifPresent(present -> writers.retire(present.writer()));
        open = Optional.empty();
    }

    /** Extents chosen and not dealt with yet. */
    @Override
    public long backlog() {
        return backlog;
    }

    /** Blocks that something points to in their new place. */
    @Override
    public long done() {
        return moved.sum();
    }

    @Override
    public long skipped() {
        return unreadable.sum();
    }
}
