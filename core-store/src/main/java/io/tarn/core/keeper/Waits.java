package io.tarn.core.keeper;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time as background work knows it, so that a test can be its own clock. Thread-safe. */
public interface Waits {
    /** A monotonic clock. */
    long nanoTime();

    /**
     * Waits that long.
     *
     * @throws StorageException {@code UNAVAILABLE} when the work is to end
     */
    void sleep(long nanos);

    /** The system's time; waits end when the signal falls. */
    static Waits until(final CountDownLatch stopping) {
        return new Waits() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void sleep(final long nanos) {
                try {
                    if (stopping.await(nanos, TimeUnit.NANOSECONDS)) {
                        throw new StorageException(Failure.UNAVAILABLE, "background work is ending");
                    }
                } catch (final InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new StorageException(Failure.UNAVAILABLE, "background work was interrupted", interrupted);
                }
            }
        };
    }
}
