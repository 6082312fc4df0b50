package io.tarn.core.kv;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps native memory alive while it is in use: a call into a closed database would end the process. Costs two atomic
 * additions a use.
 */
final class UseGate {
    private static final long CLOSED = 1L << 62;
    private static final long POLL_NANOS = Duration.ofMillis(1).toNanos();

    private final String name;
    private final AtomicLong uses = new AtomicLong();

    UseGate(final String name) {
        this.name = name;
    }

    /** @throws StorageException {@link Failure#UNAVAILABLE} once closed */
    void enter() {
        if (uses.incrementAndGet() >= CLOSED) {
            uses.decrementAndGet();
            throw new StorageException(Failure.UNAVAILABLE, name + " is closed");
        }
    }

    void exit() {
        uses.decrementAndGet();
    }

    /**
     * Lets nobody in any more and waits for those inside.
     *
     * @return whether this call was the first, and all have left within {@code patience}
     */
    boolean close(final Duration patience) {
        if (uses.getAndUpdate(count -> count | CLOSED) >= CLOSED) {
            return false;
        }
        final long deadline = System.nanoTime() + patience.toNanos();
        while ((uses.get() & ~CLOSED) != 0) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
