package io.tarn.bench.mount.work;

import io.tarn.bench.linux.Calls;
import io.tarn.bench.linux.NumberedPath;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code ls -l} of a directory of empty files, with empty caches and again. */
final class ListScenario implements Scenario {
    private static final int MAKERS = 8;
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final Amounts amounts;
    private final Path scratch;
    private final Task first;
    private final Task again;

    ListScenario(final Amounts amounts, final Path scratch) {
        this.amounts = amounts;
        this.scratch = scratch;
        final String name = String.format(Locale.ROOT, "ls -l of %,d files", amounts.listEntries());
        this.first = Task.cold(name + ", cold", 1, Scale.secondsFor(amounts.listEntries()));
        this.again = Task.of(name + ", warm", 1, Scale.secondsFor(amounts.listEntries()));
    }

    @Override
    public Group group() {
        return Group.LIST;
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
        final Path listed = Files.createDirectory(directory.resolve("listed"));
        final long[] each = new long[MAKERS];
        for (int file = 0; file < amounts.listEntries(); file++) {
            each[file % MAKERS]++;
        }
        final Workers.Done made = Workers.run(each, amounts.preparing(), worker -> {
            final NumberedPath path = new NumberedPath(listed);
            return (calls, number) -> calls.close(
                    calls.open(path.of(number * MAKERS + worker), Calls.WRITE_ONLY | Calls.CREATE | Calls.EXCLUSIVE));
        });
        if (made.tally().stopped()) {
            throw new IOException(
                    "the directory was not filled within " + amounts.preparing().toSeconds() + " s");
        }
        return (task, limit) -> task.equals(first) ? list(listed) : listAgain(listed, limit);
    }

    /** When it was listed two seconds ago, as often as the time allows: what is remembered for a second only is asked for anew. */
    private Tally listAgain(final Path listed, final Duration limit) throws IOException, InterruptedException {
        final List<Tally> passes = new ArrayList<>();
        final long deadline = System.nanoTime() + limit.toNanos();
        list(listed);
        do {
            TimeUnit.NANOSECONDS.sleep(A_WHILE.toNanos());
            passes.add(list(listed));
        } while (System.nanoTime() < deadline);
        return Tally.ofPasses(passes);
    }

    private Tally list(final Path listed) throws IOException, InterruptedException {
        final Program.Run run = new Program(scratch, listed, List.of("ls", "-l")).run(amounts.preparing());
        final long lines = run.output().lines().count() - 1; // the first is the total
        if (!run.finished() || lines != amounts.listEntries()) {
            throw new IOException("ls showed " + lines + " of " + amounts.listEntries() + " files");
        }
        return Tally.finished(lines, run.elapsedSeconds());
    }
}
