package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Numbers a session's commands and knows the lowest that has not come back, so that the shard may forget the replies below it.
 * Thread-safe; a lock and a bit each.
 */
final class SequenceWindow {
    /** Numbers beyond the lowest outstanding one: half of what the shard would take, for replies cross on the way. */
    static final int OUTSTANDING_MAX = 1 << 15;

    private final ReentrantLock lock = new ReentrantLock();
    /** Finished commands, from {@link #lowest} on. */
    private final BitSet finished = new BitSet();

    private long lowest;
    private long next;

    /** @param first the first number to give out */
    SequenceWindow(final long first) {
        this.lowest = first;
        this.next = first;
    }

    /**
     * A number that no command of the session had.
     *
     * @throws StorageException {@code UNAVAILABLE} while a command has been out for so long that the window is used up
     */
    long begin() {
        lock.lock();
        try {
            if (next - lowest >= OUTSTANDING_MAX) {
                throw new StorageException(
                        Failure.UNAVAILABLE, "an early command is still out after " + OUTSTANDING_MAX + " later ones");
            }
            return next++;
        } finally {
            lock.unlock();
        }
    }

    void end(final long sequence) {
        lock.lock();
        try {
            finished.set(Math.toIntExact(sequence - lowest));
            final int run = finished.nextClearBit(0);
            if (run > 0) {
                lowest += run;
                shift(run);
            }
        } finally {
            lock.unlock();
        }
    }

    private void shift(final int by) {
        final BitSet rest = finished.get(by, Math.max(by, finished.length()));
        finished.clear();
        finished.or(rest);
    }

    /** All below have come back. */
    long acknowledgedBelow() {
        lock.lock();
        try {
            return lowest;
        } finally {
            lock.unlock();
        }
    }
}
