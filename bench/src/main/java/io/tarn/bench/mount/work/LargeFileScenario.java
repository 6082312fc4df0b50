package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A large file is written by 1 MiB and synced, read in sequence with empty caches and again, and read in pieces of 4 KiB at random places with empty
 * caches. Reading begins with the whole file, whatever could be written in the time.
 */
final class LargeFileScenario implements Scenario {
    private static final Task WRITE = Task.of("sequential write", 1, Scale.perSecond("MiB"));
    private static final Task READ_COLD = Task.cold("sequential read, cold", 1, Scale.perSecond("MiB"));
    private static final Task READ_WARM = Task.of("sequential read, warm", 1, Scale.perSecond("MiB"));
    private static final Task RANDOM_COLD = Task.cold("random read 4 KiB, cold", 1, Scale.perSecond(""));
    private static final int LARGE_KIB = 1024;
    private static final int SMALL_KIB = 4;
    private static final long MIB = 1 << 20;

    private final Amounts amounts;
    private final FioJob write;
    private final FioJob readOnce;
    private final FioJob readAgain;
    private final FioJob readAnywhere;

    LargeFileScenario(final Amounts amounts, final Path scratch) {
        this.amounts = amounts;
        write = new FioJob(scratch, List.of("--rw=write", "--end_fsync=1"), LARGE_KIB, true, false);
        readOnce = new FioJob(scratch, List.of("--rw=read"), LARGE_KIB, false, false);
        // fio empties the page cache of its file by itself, unless it is told not to
        readAgain =
                new FioJob(scratch, List.of("--rw=read", "--invalidate=0", "--time_based=1"), LARGE_KIB, false, false);
        readAnywhere = new FioJob(scratch, List.of("--rw=randread"), SMALL_KIB, false, true);
    }

    @Override
    public Group group() {
        return Group.LARGE;
    }

    @Override
    public List<Task> tasks() {
        return List.of(WRITE, READ_COLD, READ_WARM, RANDOM_COLD);
    }

    @Override
    public boolean warms() {
        return true;
    }

    @Override
    public Trial begin(final Path directory) {
        final Path file = directory.resolve("large");
        final int size = amounts.largeMebibytes();
        return (task, limit) -> {
            if (task.equals(WRITE)) {
                return write.run(file, size, limit);
            }
            if (Files.size(file) < size * MIB) {
                write.run(file, size, amounts.preparing());
            }
            if (task.equals(READ_COLD)) {
                return readOnce.run(file, size, limit);
            }
            return task.equals(READ_WARM) ? readAgain.run(file, size, limit) : readAnywhere.run(file, size, limit);
        };
    }
}
