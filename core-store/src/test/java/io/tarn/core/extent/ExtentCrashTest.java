package io.tarn.core.extent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.file.SimulatedFiles;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cuts the power at every operation of random workloads. The message of a failure names the seed and the cut to replay. */
class ExtentCrashTest {
    private static final int LEAST_CUTS = 20_000;

    @Test
    void nothingAcknowledgedIsLostAndNothingDeletedReturnsWhereverThePowerIsCut() {
        int cuts = 0;
        for (long seed = 1; cuts < LEAST_CUTS; seed++) {
            final SimulatedFiles whole = new SimulatedFiles(CrashWorkload.ROOT);
            new CrashWorkload(whole, seed).run();
            for (long cut = 0; cut <= whole.operations(); cut++) {
                crash(seed, cut, false);
                crash(seed, cut, true);
                cuts += 2;
            }
        }
        assertThat(cuts).isGreaterThanOrEqualTo(LEAST_CUTS);
    }

    private static void crash(final long seed, final long cut, final boolean lastTakesEffect) {
        try {
            final SimulatedFiles disk = new SimulatedFiles(CrashWorkload.ROOT);
            disk.cutAfter(cut, lastTakesEffect);
            final CrashWorkload workload = new CrashWorkload(disk, seed);
            workload.run();
            workload.check(disk.crash(new Random(seed * 31 + cut)));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed %d, cut after %d operations, next one takes effect: %s".formatted(seed, cut, lastTakesEffect),
                    e);
        }
    }
}
