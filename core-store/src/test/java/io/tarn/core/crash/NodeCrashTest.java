package io.tarn.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Cuts the power of, and kills, a whole node at every operation of its disk. */
final class NodeCrashTest {
    /** Cuts of one build; a longer run has {@code -Dtarn.crash.cuts} of them, and begins with {@code -Dtarn.crash.from}. */
    private static final long LEAST_CUTS = Long.getLong("tarn.crash.cuts", 12_000);

    private static final long FIRST_SEED = Long.getLong("tarn.crash.from", 1);

    /** Of a failure to be replayed. */
    private static final Long SEED = Long.getLong("tarn.crash.seed");

    private static final long OPERATION = Long.getLong("tarn.crash.operation", -1);

    @Test
    void whatWasAcknowledgedIsThereAndNothingElseWhereverTheNodeIsCut() {
        if (SEED != null) {
            assertThat(new CrashPoints(SEED).only(OPERATION).run()).isPositive();
            return;
        }
        long cuts = 0;
        for (long seed = FIRST_SEED; cuts < LEAST_CUTS; seed++) {
            cuts += new CrashPoints(seed).run();
        }
        assertThat(cuts).isGreaterThanOrEqualTo(LEAST_CUTS);
    }
}
