package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Files of 4 KiB are opened and read: the first time, and again. */
final class ReadScenario implements Scenario {
    private final Amounts amounts;
    private final int workers;
    private final Task first;
    private final Task again;

    ReadScenario(final Amounts amounts, final int workers) {
        this.amounts = amounts;
        this.workers = workers;
        this.first = Task.cold("open+read 4 KiB, cold", workers, Scale.perSecond("files"));
        this.again = Task.of("open+read 4 KiB, warm", workers, Scale.perSecond("files"));
    }

    @Override
    public Group group() {
        return Group.READ;
    }

    @Override
    public List<Task> tasks() {
        return List.of(first, again);
    }

    @Override
    public boolean warms() {
        return true;
    }

    @Override
    public Trial begin(final Path directory) throws IOException, InterruptedException {
        final SmallFiles files = new SmallFiles(directory, workers);
        files.make(Math.max(1, amounts.readFiles() / workers), amounts.preparing(), false);
        return (task, limit) -> task.equals(first)
                ? files.readEach(amounts.readFiles(), limit).tally()
                : files.readAgain(amounts.readFiles(), limit).tally();
    }
}
