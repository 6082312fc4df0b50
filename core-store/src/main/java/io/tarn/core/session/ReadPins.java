package io.tarn.core.session;

import java.util.Map;
import java.util.Optional;
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
    /** What was freed at this index or before may have been given back already. */
    private long given;

    /** A pin; closing it twice is harmless. */
    public interface Pin extends AutoCloseable {
        /** Whether what it was taken for is still kept. A pin in another process is lost with a session that was away for too long. */
        default boolean isKept() {
            return true;
        }

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

    /** Pins what was pinned at {@code index} before, in an earlier life of this process or a session; empty where some of it may be gone. */
    public Optional<Pin> again(final long index) {
        lock.lock();
        try {
            return index < given ? Optional.empty() : Optional.of(pin(index));
        } finally {
            lock.unlock();
        }
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
            final long upTo = lowest == null ? appliedIndex : Math.min(appliedIndex, lowest.getKey());
            given = Math.max(given, upTo);
            return upTo;
        } finally {
            lock.unlock();
        }
    }
}
