package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Files of 4 KiB are made, looked at and removed. */
final class SmallFileScenario implements Scenario {
    private final Amounts amounts;
    private final int workers;
    private final Task make;
    private final Task lookAfterAWhile;
    private final Task lookAgain;
    private final Task remove;

    SmallFileScenario(final Amounts amounts, final int workers) {
        this.amounts = amounts;
        this.workers = workers;
        this.make = Task.of("create+write+close 4 KiB", workers, Scale.perSecond("files"));
        this.lookAfterAWhile = Task.of("stat, warm", workers, Scale.perSecond(""));
        this.lookAgain = Task.of("stat, again and again", workers, Scale.perSecond(""));
        this.remove = Task.of("unlink", workers, Scale.perSecond("files"));
    }

    @Override
    public Group group() {
        return Group.SMALL;
    }

    @Override
    public List<Task> tasks() {
        return List.of(make, lookAfterAWhile, lookAgain, remove);
    }

    @Override
    public boolean warms() {
        return true;
    }

    @Override
    public Trial begin(final Path directory) throws IOException {
        final SmallFiles files = new SmallFiles(directory, workers);
        return (task, limit) -> {
            if (task.equals(make)) {
                return files.make(amounts.smallFiles() / workers, limit, false).tally();
            }
            if (task.equals(lookAfterAWhile)) {
                return files.lookAfterAWhile(amounts.readFiles(), limit);
            }
            if (task.equals(lookAgain)) {
                return files.lookAgain(amounts.readFiles(), limit).tally();
            }
            return files.remove(limit).tally();
        };
    }
}
