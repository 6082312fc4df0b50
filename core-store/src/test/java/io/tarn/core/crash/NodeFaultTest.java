package io.tarn.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.Failure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fails the disk of a whole node at every operation in turn. */
final class NodeFaultTest {
    /** Of one build; a longer run has {@code -Dtarn.fault.seeds} of them. */
    private static final long SEEDS = Long.getLong("tarn.fault.seeds", 1);

    private static final long[] TIMES = {1, Long.MAX_VALUE};

    @ParameterizedTest
    @EnumSource(names = {"IO_ERROR", "OUT_OF_SPACE"})
    void aFailingDiskHarmsNothingAndTheNodeGoesOnOnceItWorks(final Failure failure) {
        long failures = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            final long operations = FaultPoints.operations(seed);
            for (long operation = 0; operation < operations; operation++) {
                for (final long times : TIMES) {
                    failures += failedAt(seed, operation, failure, times) ? 1 : 0;
                }
            }
        }
        assertThat(failures).isPositive();
    }

    private static boolean failedAt(final long seed, final long operation, final Failure failure, final long times) {
        try {
            return new FaultPoints(seed, failure, times).run(operation);
        } catch (final AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed %d, %s %d times from operation %d on: %s"
                            .formatted(seed, failure, times, operation, e.getMessage()),
                    e);
        }
    }
}
