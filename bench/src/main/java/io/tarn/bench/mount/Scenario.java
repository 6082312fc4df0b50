package io.tarn.bench.mount;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Tasks that build on each other, such as making files and then removing them. */
public interface Scenario {
    /** What is chosen to have it run. */
    Group group();

    /** In the order in which they run. */
    List<Task> tasks();

    /** Whether a run without measuring warms up what serves; what takes long and runs once is left out. */
    boolean warms();

    /**
     * Prepares all, unmeasured.
     *
     * @param directory an empty directory to work in
     * @throws IOException when preparing fails or takes too long
     */
    Trial begin(Path directory) throws IOException, InterruptedException;
}
