package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Pieces of 4 KiB are written at random places of a file that is there, with a sync after each. */
final class SyncedWriteScenario implements Scenario {
    private static final Task WRITE = Task.of("4 KiB random write + fsync", 1, Scale.perSecond(""));
    private static final int LARGE_KIB = 1024;
    private static final int SMALL_KIB = 4;

    private final Amounts amounts;
    private final FioJob lay;
    private final FioJob write;

    SyncedWriteScenario(final Amounts amounts, final Path scratch) {
        this.amounts = amounts;
        lay = new FioJob(scratch, List.of("--rw=write", "--end_fsync=1"), LARGE_KIB, true, false);
        write = new FioJob(scratch, List.of("--rw=randwrite", "--fsync=1", "--time_based=1"), SMALL_KIB, true, false);
    }

    @Override
    public Group group() {
        return Group.SYNC;
    }

    @Override
    public List<Task> tasks() {
        return List.of(WRITE);
    }

    @Override
    public boolean warms() {
        return true;
    }

    @Override
    public Trial begin(final Path directory) throws IOException, InterruptedException {
        final Path file = directory.resolve("pieces");
        lay.run(file, amounts.syncMebibytes(), amounts.preparing());
        return (task, limit) -> write.run(file, amounts.syncMebibytes(), limit);
    }
}
