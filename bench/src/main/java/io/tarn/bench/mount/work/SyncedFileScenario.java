package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Files of 4 KiB are made, each synced before it is closed. */
final class SyncedFileScenario implements Scenario {
    private final Amounts amounts;
    private final int workers;
    private final Task make;

    SyncedFileScenario(final Amounts amounts, final int workers) {
        this.amounts = amounts;
        this.workers = workers;
        this.make = Task.of("create+write+fsync+close 4 KiB", workers, Scale.perSecond("files"));
    }

    @Override
    public Group group() {
        return Group.SYNC;
    }

    @Override
    public List<Task> tasks() {
        return List.of(make);
    }

    @Override
    public boolean warms() {
        return true;
    }

    @Override
    public Trial begin(final Path directory) throws IOException {
        final SmallFiles files = new SmallFiles(directory, workers);
        return (task, limit) ->
                files.make(amounts.smallFiles() / workers, limit, true).tally();
    }
}
