package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Tally;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A repository of a local disk is cloned, copying its pack, and looked over by {@code git status} until the kernel has seen all of it. */
final class GitScenario implements Scenario {
    private static final Tally NOTHING_TO_LOOK_AT = new Tally(0, 0, Optional.empty(), true);

    private final int files;
    private final Path scratch;
    private final Fixtures fixtures;
    private final Task copy;
    private final Task status;

    GitScenario(final int files, final Path scratch, final Fixtures fixtures) {
        this.files = files;
        this.scratch = scratch;
        this.fixtures = fixtures;
        this.copy = Task.of(String.format(Locale.ROOT, "git clone of %,d files", files), 1, Scale.secondsFor(files));
        this.status = Task.of(String.format(Locale.ROOT, "git status of %,d files", files), 1, Scale.secondsFor(files));
    }

    @Override
    public Group group() {
        return Group.GIT;
    }

    @Override
    public List<Task> tasks() {
        return List.of(copy, status);
    }

    @Override
    public boolean warms() {
        return false;
    }

    @Override
    public Trial begin(final Path directory) throws IOException, InterruptedException {
        final Path repository = fixtures.repository(files);
        final Path copied = directory.resolve("copied");
        final AtomicBoolean whole = new AtomicBoolean();
        return (task, limit) -> {
            if (task.equals(copy)) {
                final Tally tally = copy(repository, copied, limit);
                whole.set(!tally.stopped());
                return tally;
            }
            return whole.get() ? status(copied, limit) : NOTHING_TO_LOOK_AT;
        };
    }

    private Tally copy(final Path repository, final Path to, final Duration limit)
            throws IOException, InterruptedException {
        final Program.Run run = new Program(
                        scratch,
                        scratch,
                        List.of("git", "clone", "-q", "--no-hardlinks", repository.toString(), to.toString()))
                .run(limit);
        return new Tally(Trees.files(to), run.elapsedSeconds(), Optional.empty(), !run.finished());
    }

    /** The first looks into files whose times are those of the index, and is not measured. */
    private Tally status(final Path repository, final Duration limit) throws IOException, InterruptedException {
        once(repository, limit);
        return once(repository, limit);
    }

    private Tally once(final Path repository, final Duration limit) throws IOException, InterruptedException {
        final Program.Run run = new Program(scratch, repository, List.of("git", "status", "--porcelain")).run(limit);
        if (run.finished() && !run.output().isEmpty()) {
            throw new IOException("a fresh clone is not clean: "
                    + run.output().lines().findFirst().orElse(""));
        }
        return new Tally(run.finished() ? files : 0, run.elapsedSeconds(), Optional.empty(), !run.finished());
    }
}
