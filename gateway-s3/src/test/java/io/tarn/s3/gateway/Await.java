package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about. */
final class Await {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final long POLL_NANOS = Duration.ofMillis(1).toNanos();

    private Await() {}

    static void until(final BooleanSupplier condition) {
        final long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition met in time").isLessThan(end);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
