package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Tally;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A tree is unpacked by tar and removed by rm. What is not done in the time counts as far as it came. */
final class TreeScenario implements Scenario {
    private final int files;
    private final Path scratch;
    private final Fixtures fixtures;
    private final Task unpack;
    private final Task remove;

    TreeScenario(final int files, final Path scratch, final Fixtures fixtures) {
        this.files = files;
        this.scratch = scratch;
        this.fixtures = fixtures;
        this.unpack = Task.of(String.format(Locale.ROOT, "untar %,d files", files), 1, Scale.secondsFor(files));
        this.remove = Task.of(String.format(Locale.ROOT, "rm -rf %,d files", files), 1, Scale.secondsFor(files));
    }

    @Override
    public Group group() {
        return Group.TREE;
    }

    @Override
    public List<Task> tasks() {
        return List.of(unpack, remove);
    }

    @Override
    public boolean warms() {
        return false;
    }

    @Override
    public Trial begin(final Path directory) throws IOException, InterruptedException {
        final Path archive = fixtures.archive(files);
        final Path tree = Files.createDirectory(directory.resolve("tree"));
        return (task, limit) -> task.equals(unpack) ? unpack(archive, tree, limit) : remove(tree, limit);
    }

    private Tally unpack(final Path archive, final Path tree, final Duration limit)
            throws IOException, InterruptedException {
        final Program.Run run = new Program(scratch, tree, List.of("tar", "-xf", archive.toString())).run(limit);
        if (run.finished()) {
            final long there = Trees.files(tree);
            if (there != files) {
                throw new IOException(there + " of " + files + " files are there after unpacking");
            }
        }
        return tally(run, run.finished() ? files : Trees.files(tree));
    }

    private Tally remove(final Path tree, final Duration limit) throws IOException, InterruptedException {
        final long before = Trees.files(tree);
        final Program.Run run = new Program(scratch, scratch, List.of("rm", "-rf", tree.toString())).run(limit);
        if (run.finished() && Files.exists(tree)) {
            throw new IOException("the tree is still there after its removal");
        }
        return tally(run, before - Trees.files(tree));
    }

    private static Tally tally(final Program.Run run, final long done) {
        return new Tally(done, run.elapsedSeconds(), Optional.empty(), !run.finished());
    }
}
