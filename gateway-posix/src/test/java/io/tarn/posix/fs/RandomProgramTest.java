package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount does what the model does. Another seed every time; {@code -Dtarn.seed=N} does the same again. */
class RandomProgramTest {
    private static final int PROGRAMS = 5;
    private static final int STEPS = 5_000;
    private static final int STEPS_BETWEEN_LOOKS = 1_000;

    @TempDir
    Path data;

    @Test
    void randomProgramsFindAFileSystem() {
        final long first = Long.getLong("tarn.seed", System.nanoTime());
        try (TestCluster cluster = new TestCluster(data)) {
            for (long seed = first; seed < first + PROGRAMS; seed++) {
                final String volume = "volume" + (seed - first);
                cluster.volume(volume);
                run(cluster.mount(volume), cluster.mount(volume), seed);
            }
            assertThat(cluster.node.fsck().run(false).findings()).isEmpty();
        }
    }

    private static void run(final TestMount mount, final TestMount other, final long seed) {
        final RandomProgram program = new RandomProgram(mount, seed);
        int step = 0;
        try {
            for (; step < STEPS; step++) {
                program.step();
                if (step % STEPS_BETWEEN_LOOKS == STEPS_BETWEEN_LOOKS - 1) {
                    program.finish();
                    program.agreesWith(mount);
                    TestMount.await("the other mount", () -> agrees(program, other));
                    program.agreesWith(other);
                }
            }
        } catch (final PosixException | AssertionError failed) {
            throw new AssertionError("seed %d, step %d: %s".formatted(seed, step, failed.getMessage()), failed);
        }
        mount.files.close();
        other.files.close();
    }

    /** The other mount may hear of the last changes a moment later. */
    private static boolean agrees(final RandomProgram program, final TestMount other) {
        try {
            program.agreesWith(other);
            return true;
        } catch (final PosixException | AssertionError notYet) {
            return false;
        }
    }
}
