package io.tarn.core.session;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What readers may still be reading. A reader pins the log index it found its slices at; space freed at or after the lowest pin
 * is not given back yet, so an opened file keeps its bytes whatever happens to its name. Thread-safe; a lock and a tree step.
 */
public final class ReadPins {
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Integer> pins = new TreeMap<>();

    /** A pin; closing it twice is harmless. */
    public interface Pin extends AutoCloseable {
        @Override
        void close();
    }

    /** Pins everything referred to at {@code index} or later. Take it before looking anything up. */
    public Pin pin(final long index) {
        lock.lock();
        try {
            pins.merge(index, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
        final AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                unpin(index);
            }
        };
    }

    private void unpin(final long index) {
        lock.lock();
        try {
            pins.computeIfPresent(index, (same, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }

    /** What was freed at an index ≤ this can be given back: every reader began after it. */
    public long reclaimableUpTo(final long appliedIndex) {
        lock.lock();
        try {
            final Map.Entry<Long, Integer> lowest = pins.firstEntry();
            return lowest == null ? appliedIndex : Math.min(appliedIndex, lowest.getKey());
        } finally {
            lock.unlock();
        }
    }
}
