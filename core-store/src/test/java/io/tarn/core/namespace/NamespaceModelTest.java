package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.kv.MemoryStore;
import io.tarn.core.namespace.wire.Command;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random commands against the state machine and against a plain model, replies and state compared. A failure names its seed; run with
 * {@code -Dtarn.model.seed=…} it happens again in the same way. {@code -Dtarn.model.seed=random} looks for new ones.
 */
final class NamespaceModelTest {
    private static final int OPERATIONS = 101_000;
    /** A run starts from nothing, so that its log is short enough to read when it fails. */
    private static final int OPERATIONS_IN_RUN = 5_500;

    private static final int ENTRIES_BETWEEN_COMPARISONS = 100;
    private static final long FIRST_SEED = 20_261L;
    /** Fewer successes than this of any command in a build would mean that the test no longer tests it. */
    private static final int SUCCESSES_MIN = 20;

    /** Commands between shards: the simulation has one; the tests of commits across shards cover these. */
    private static final Set<Command.BodyCase> ACROSS_SHARDS = EnumSet.of(
            Command.BodyCase.ATTACH_VOLUME,
            Command.BodyCase.PREPARE_ROWS,
            Command.BodyCase.COMMIT_ACROSS,
            Command.BodyCase.FINISH_ROWS,
            Command.BodyCase.RELEASE_ROWS,
            Command.BodyCase.RESOLVE_OUTCOME,
            Command.BodyCase.FORGET_OUTCOME,
            Command.BodyCase.RECLAIM_ORPHANS);

    @Test
    void theStateMachineDoesWhatThePlainModelDoes() {
        final String given = System.getProperty("tarn.model.seed", "");
        if (!given.isEmpty() && !given.equals("random")) {
            run(Long.parseLong(given), new EnumMap<>(Command.BodyCase.class));
            return;
        }
        long seed = given.isEmpty() ? FIRST_SEED : new Random().nextLong();
        final Map<Command.BodyCase, Integer> successes = new EnumMap<>(Command.BodyCase.class);
        for (long done = 0; done < OPERATIONS; seed++) {
            done += run(seed, successes);
        }
        for (final Command.BodyCase body : Command.BodyCase.values()) {
            if (body != Command.BodyCase.BODY_NOT_SET && !ACROSS_SHARDS.contains(body)) {
                assertThat(successes.getOrDefault(body, 0))
                        .as("successes of %s, of %s", body, successes)
                        .isGreaterThan(SUCCESSES_MIN);
            }
        }
    }

    private static long run(final long seed, final Map<Command.BodyCase, Integer> successes) {
        try (MemoryStore store = new MemoryStore(Families.ALL)) {
            final Simulation simulation = new Simulation(seed, store, false);
            final StateComparison comparison = new StateComparison(simulation.model, store, new Random(seed));
            for (int entry = 1; simulation.operations() < OPERATIONS_IN_RUN; entry++) {
                simulation.step();
                if (entry % ENTRIES_BETWEEN_COMPARISONS == 0) {
                    comparison.run();
                }
            }
            comparison.run();
            assertThat(simulation.operations()).isGreaterThanOrEqualTo(OPERATIONS_IN_RUN);
            simulation.successes.forEach((body, count) -> successes.merge(body, count, Integer::sum));
            return simulation.operations();
        } catch (final AssertionError | RuntimeException failure) {
            throw new AssertionError("replay with -Dtarn.model.seed=" + seed, failure);
        }
    }
}
