package io.tarn.core.extent;

import io.tarn.core.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Reads live blocks at a limited rate and reports those that do not prove themselves. It goes in steps, so that whoever drives
 * it can stop, keep {@link #position} and go on after a restart. For one thread at a time.
 */
public final class Scrubber {
    /** Blocks asked for and checked in one step. */
    static final int STEP_BLOCKS = 64;

    private final ExtentStore store;
    private final BlockSource source;
    private final Listener listener;
    private final Pacer pacer;
    private Position position;

    /**
     * @param start where to go on; {@link Position#START} for a new round
     * @param nanoTime clock of the rate limit
     * @param sleepNanos waits that many nanoseconds
     */
    public Scrubber(
            final ExtentStore store,
            final BlockSource source,
            final Listener listener,
            final long bytesPerSecond,
            final Position start,
            final LongSupplier nanoTime,
            final LongConsumer sleepNanos) {
        this.store = store;
        this.source = source;
        this.listener = listener;
        this.pacer = new Pacer(bytesPerSecond, nanoTime, sleepNanos);
        this.position = start;
    }

    /**
     * Checks the next few blocks.
     *
     * @return false when the round is over; the position is then at the start again
     */
    public boolean step() {
        if (position.extent().isEmpty() && !advance()) {
            return false;
        }
        final ExtentId extent = position.extent().orElseThrow();
        final List<Block> blocks = source.blocks(extent, position.offset(), STEP_BLOCKS);
        for (final Block block : blocks) {
            pacer.pass(block.length());
            check(block);
            position = new Position(position.extent(), RecordFormat.end(block));
        }
        return !blocks.isEmpty() || advance();
    }

    /** Everything before it is checked in this round. */
    public Position position() {
        return position;
    }

    private boolean advance() {
        final Optional<ExtentId> next = source.nextExtent(position.extent());
        position = next.isEmpty() ? Position.START : new Position(next, 0);
        return next.isPresent();
    }

    private void check(final Block block) {
        try {
            store.verify(block);
        } catch (StorageException e) {
            switch (e.failure()) {
                case CORRUPT, NOT_FOUND, IO_ERROR -> listener.bad(block, e);
                default -> throw e;
            }
        }
    }

    /**
     * A place in the round.
     *
     * @param extent the extent being checked; empty before the first one
     * @param offset where in it to go on
     */
    public record Position(Optional<ExtentId> extent, long offset) {
        public static final Position START = new Position(Optional.empty(), 0);
    }

    /** Hears of blocks that cannot be read here. */
    @FunctionalInterface
    public interface Listener {
        /** @param cause {@code CORRUPT}, {@code NOT_FOUND} or {@code IO_ERROR}; a block deleted meanwhile is reported too */
        void bad(Block block, StorageException cause);
    }
}
