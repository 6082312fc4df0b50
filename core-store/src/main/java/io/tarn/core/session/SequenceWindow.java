package io.tarn.core.session;

import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Numbers a session's commands and knows the lowest that has not come back, so that the shard may forget the replies below it.
 * Thread-safe; a lock and a bit each.
 */
final class SequenceWindow {
    private final ReentrantLock lock = new ReentrantLock();
    /** Finished commands, from {@link #lowest} on. */
    private final BitSet finished = new BitSet();

    private long lowest = 1;
    private long next = 1;

    /** A number that no command of the session had. */
    long begin() {
        lock.lock();
        try {
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
