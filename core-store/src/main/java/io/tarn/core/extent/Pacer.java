package io.tarn.core.extent;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Holds a single worker to a rate of bytes per second. Not thread-safe. */
public final class Pacer {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private final LongConsumer sleepNanos;
    private long earliestNanos;

    /**
     * @param nanoTime monotonic clock
     * @param sleepNanos waits that many nanoseconds, or less when there is no more reason to wait
     */
    public Pacer(final long bytesPerSecond, final LongSupplier nanoTime, final LongConsumer sleepNanos) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes per second");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.sleepNanos = sleepNanos;
        this.earliestNanos = nanoTime.getAsLong();
    }

    /** Waits until what was let through before is paid for, then lets {@code bytes} through. Idle time is not saved up. */
    public void pass(final long bytes) {
        final long now = nanoTime.getAsLong();
        final long wait = earliestNanos - now;
        if (wait > 0) {
            sleepNanos.accept(wait);
        }
        earliestNanos = Math.max(now, earliestNanos) + (long) (bytes * NANOS_PER_SECOND / bytesPerSecond);
    }
}
