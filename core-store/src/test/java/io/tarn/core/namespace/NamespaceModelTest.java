package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.kv.MemoryStore;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random commands against the state machine and against a plain model, replies and state compared. A failure names its seed; run with
 * {@code -Dtarn.model.seed=…} it happens again in the same way. {@code -Dtarn.model.seed=random} looks for new ones.
 */
final class NamespaceModelTest {
    private static final int OPERATIONS = 110_000;
    /** A run starts from nothing, so that its log is short enough to read when it fails. */
    private static final int OPERATIONS_IN_RUN = 5_500;

    private static final int ENTRIES_BETWEEN_COMPARISONS = 25;
    private static final long FIRST_SEED = 20_261L;

    @Test
    void theStateMachineDoesWhatThePlainModelDoes() {
        final String given = System.getProperty("tarn.model.seed", "");
        if (!given.isEmpty() && !given.equals("random")) {
            run(Long.parseLong(given));
            return;
        }
        long seed = given.isEmpty() ? FIRST_SEED : new Random().nextLong();
        for (long done = 0; done < OPERATIONS; seed++) {
            done += run(seed);
        }
    }

    private static long run(final long seed) {
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
            return simulation.operations();
        } catch (final AssertionError | RuntimeException failure) {
            throw new AssertionError("replay with -Dtarn.model.seed=" + seed, failure);
        }
    }
}
