package io.tarn.bench.mount;

import java.io.IOException;
import java.time.Duration;

/** A scenario under way in one directory. Used by one thread. */
@FunctionalInterface
public interface Trial {
    /**
     * Runs a task of the scenario, each once and in order.
     *
     * @param limit when it is to stop of itself
     * @throws IOException when anything fails or has a wrong result
     */
    Tally run(Task task, Duration limit) throws IOException, InterruptedException;
}
