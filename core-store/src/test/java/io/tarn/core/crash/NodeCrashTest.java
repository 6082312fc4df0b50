package io.tarn.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Cuts the power of, and kills, a whole node at every operation of its disk. */
final class NodeCrashTest {
    private static final int LEAST_CUTS = 12_000;

    @Test
    void whatWasAcknowledgedIsThereAndNothingElseWhereverTheNodeIsCut() {
        long cuts = 0;
        for (long seed = 1; cuts < LEAST_CUTS; seed++) {
            cuts += new CrashPoints(seed).run();
        }
        assertThat(cuts).isGreaterThanOrEqualTo(LEAST_CUTS);
    }
}
