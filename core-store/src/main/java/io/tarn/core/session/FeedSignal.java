package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Wakes those who wait for events of a volume when the entry that brought some is applied. No part of the state: what is waited
 * for is read from the store.
 *
 * <p>Threading: {@link #news} on the applying thread, which costs one volatile read while nobody waits; {@link #await} on any, best
 * virtual ones. At most {@value #WAITERS_MAX} wait at a time.
 */
public final class FeedSignal implements AutoCloseable {
    static final int WAITERS_MAX = 4_096;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Waiting> volumes = new HashMap<>();
    private final AtomicInteger waiters = new AtomicInteger();
    private boolean closed;

    /** Those who wait for one volume. */
    private static final class Waiting {
        private final Condition changed;
        private int count;
        private long changes;

        Waiting(final Condition changed) {
            this.changed = changed;
        }
    }

    /** Events of these volumes can be read now. Never blocks for long. */
    public void news(final Collection<Long> changed) {
        if (waiters.get() == 0) {
            return;
        }
        lock.lock();
        try {
            for (final long volume : changed) {
                final Waiting waiting = volumes.get(volume);
                if (waiting != null) {
                    waiting.changes++;
                    waiting.changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until {@code there} holds, which is asked at once and again after each entry with events of the volume.
     *
     * @return false when the time was up
     * @throws StorageException {@code UNAVAILABLE} when too many wait, after {@link #close}, and when interrupted
     */
    public boolean await(final long volume, final BooleanSupplier there, final Duration timeout) {
        final long deadline = System.nanoTime() + timeout.toNanos();
        final Waiting waiting = enter(volume);
        try {
            while (true) {
                // read before asking: what comes between the two is then not slept through
                final long seen = changes(waiting);
                if (there.getAsBoolean()) {
                    return true;
                }
                if (!sleep(waiting, seen, deadline)) {
                    return false;
                }
            }
        } finally {
            leave(volume, waiting);
        }
    }

    private Waiting enter(final long volume) {
        lock.lock();
        try {
            if (closed) {
                throw closing();
            }
            if (waiters.get() >= WAITERS_MAX) {
                throw new StorageException(Failure.UNAVAILABLE, WAITERS_MAX + " readers wait for events already");
            }
            waiters.incrementAndGet();
            final Waiting waiting = volumes.computeIfAbsent(volume, unused -> new Waiting(lock.newCondition()));
            waiting.count++;
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private long changes(final Waiting waiting) {
        lock.lock();
        try {
            return waiting.changes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there was a change before the deadline. */
    private boolean sleep(final Waiting waiting, final long seen, final long deadline) {
        lock.lock();
        try {
            while (waiting.changes == seen) {
                if (closed) {
                    throw closing();
                }
                if (waiting.changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
                    return false;
                }
            }
            return true;
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while waiting for events", interrupted);
        } finally {
            lock.unlock();
        }
    }

    private void leave(final long volume, final Waiting waiting) {
        lock.lock();
        try {
            waiters.decrementAndGet();
            waiting.count--;
            if (waiting.count == 0) {
                volumes.remove(volume);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Readers that wait now. */
    public int waiters() {
        return waiters.get();
    }

    private static StorageException closing() {
        return new StorageException(Failure.UNAVAILABLE, "the client is closed");
    }

    /** Sends all who wait away. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            volumes.values().forEach(waiting -> waiting.changed.signalAll());
        } finally {
            lock.unlock();
        }
    }
}
