package io.tarn.core.shard;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, and fails when it does not come true. */
final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Await() {}

    static void until(final String what, final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + PATIENCE + " in vain until " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
