package io.tarn.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.file.SimulatedFiles;
import io.tarn.core.shard.Shard;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The crash test itself is tested: with a flaw in the disk or the keeper it has to fail. */
final class CaughtFlawsTest {
    private static final int SEEDS = 12;

    @ParameterizedTest
    @ValueSource(strings = {"", "shard/log", "shard/snapshots", "extents"})
    void aDiskThatIgnoresForcesIsCaught(final String where) {
        final Path flawed = where.isEmpty() ? SimulatedNode.ROOT : SimulatedNode.ROOT.resolve(where);
        assertThat(firstFailure(UnaryOperator.identity(), disk -> disk.ignoreForces(path -> path.startsWith(flawed))))
                .hasValueSatisfying(CaughtFlawsTest::isReplayable);
    }

    @Test
    void aKeeperThatPunchesLiveBlocksIsCaught() {
        assertThat(firstFailure(LyingView::new, disk -> {})).hasValueSatisfying(CaughtFlawsTest::isReplayable);
    }

    @Test
    void withoutAFlawNothingIsCaught() {
        assertThat(new CrashPoints(1).run()).isPositive();
    }

    private static void isReplayable(final Throwable caught) {
        assertThat(caught).isInstanceOf(AssertionError.class).hasMessageStartingWith("replay with -Dtarn.crash.seed=");
    }

    private static Optional<Throwable> firstFailure(
            final UnaryOperator<Shard> view, final Consumer<SimulatedFiles> flaw) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new CrashPoints(seed, view, flaw).run();
            } catch (final AssertionError | RuntimeException caught) {
                return Optional.of(caught);
            }
        }
        return Optional.empty();
    }
}
