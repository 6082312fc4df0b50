package io.tarn.bench.mount;

import io.tarn.bench.linux.Calls;
import io.tarn.bench.mount.MountResults.PlaceMemory;
import io.tarn.bench.mount.MountResults.TaskResult;
import io.tarn.bench.mount.work.Program;
import io.tarn.bench.process.CpuTime;
import io.tarn.bench.process.Memory;
import io.tarn.bench.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs scenarios. Places take turns task by task, and the one that begins changes every round, so that a machine whose speed drifts treats
 * them alike; only one is under load at a time. After each task its file system is synced: what was put off is paid by
 * whoever put it off, and does not disturb the next. Used by one thread.
 */
public final class MountRunner {
    private static final int WARMUP_ROUND = 0;
    private static final Duration CLEANING_TIME = Duration.ofMinutes(10);

    private final MountPlan plan;
    private final List<Place> places;
    private final Path scratch;
    private final Coldness coldness;
    private final Consumer<String> progress;
    private final ProcessTree load =
            new ProcessTree(Math.toIntExact(ProcessHandle.current().pid()));
    private final List<Memory> highest = new ArrayList<>();

    /**
     * A runner for one run.
     *
     * @param scratch a directory of a local disk for what programs print
     * @param progress told what is being done, a line at a time
     */
    public MountRunner(
            final MountPlan plan, final List<Place> places, final Path scratch, final Consumer<String> progress) {
        this.plan = plan;
        this.places = List.copyOf(places);
        this.scratch = scratch;
        this.coldness = new Coldness(plan.dropCaches(), scratch);
        this.progress = progress;
    }

    /** Whether this user may empty the kernel's caches. */
    public static boolean canDropCaches() {
        return Coldness.canDropCaches();
    }

    /**
     * Runs everything.
     *
     * @throws IOException at the first thing that fails or is wrong; files then stay behind
     */
    public MountResults run(final List<Scenario> scenarios) throws IOException, InterruptedException {
        final List<Memory> before = new ArrayList<>();
        for (final Place place : places) {
            before.add(place.serving().memory());
        }
        highest.addAll(before);
        final List<TaskResult> results = new ArrayList<>();
        for (final Scenario scenario : scenarios) {
            results.addAll(run(scenario));
        }
        final List<PlaceMemory> memory = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            memory.add(new PlaceMemory(places.get(i).name(), before.get(i), highest.get(i)));
        }
        return new MountResults(memory, results);
    }

    private List<TaskResult> run(final Scenario scenario) throws IOException, InterruptedException {
        final Map<Task, List<List<Turn>>> turns = new LinkedHashMap<>();
        for (final Task task : scenario.tasks()) {
            final List<List<Turn>> perPlace = new ArrayList<>();
            places.forEach(ignored -> perPlace.add(new ArrayList<>()));
            turns.put(task, perPlace);
        }
        final boolean warms = scenario.warms() && plan.warmupTime().isPositive();
        for (int round = warms ? WARMUP_ROUND : WARMUP_ROUND + 1; round <= plan.rounds(); round++) {
            runRound(scenario, round, turns);
        }
        return turns.entrySet().stream()
                .map(entry -> new TaskResult(scenario.group(), entry.getKey(), entry.getValue()))
                .toList();
    }

    private void runRound(final Scenario scenario, final int round, final Map<Task, List<List<Turn>>> into)
            throws IOException, InterruptedException {
        final String what = round == WARMUP_ROUND ? "warm-up" : "round " + round + " of " + plan.rounds();
        final List<Path> directories = new ArrayList<>();
        final List<Trial> trials = new ArrayList<>();
        for (final Place place : places) {
            progress.accept(scenario.group() + ", " + what + ", " + place.name() + ": preparing");
            final Path directory = Files.createTempDirectory(place.directory(), "tarn-bench-");
            directories.add(directory);
            trials.add(scenario.begin(directory));
            new Calls().syncFileSystem(directory);
        }
        for (final Task task : scenario.tasks()) {
            for (int turn = 0; turn < places.size(); turn++) {
                final int i = (turn + round) % places.size();
                progress.accept(scenario.group() + ", " + what + ", "
                        + places.get(i).name() + ": " + task.name() + ", " + task.workers() + " at once");
                final Turn done = turn(places.get(i), trials.get(i), task, limit(scenario, round));
                if (round != WARMUP_ROUND) {
                    into.get(task).get(i).add(done);
                }
                highest.set(i, most(highest.get(i), places.get(i).serving().memory()));
            }
        }
        if (!plan.keep()) {
            clean(directories);
        }
    }

    private Duration limit(final Scenario scenario, final int round) {
        if (!scenario.warms()) {
            return plan.programTime();
        }
        return round == WARMUP_ROUND ? plan.warmupTime() : plan.taskTime();
    }

    private Turn turn(final Place place, final Trial trial, final Task task, final Duration limit)
            throws IOException, InterruptedException {
        if (task.cold()) {
            coldness.chill(place);
        }
        final CpuTime servingBefore = place.serving().cpuTime();
        final CpuTime loadBefore = load.cpuTime();
        final Tally tally;
        try {
            tally = trial.run(task, limit);
        } catch (final IOException e) {
            throw new IOException(place.name() + ": " + task.name() + ": " + e.getMessage(), e);
        }
        final CpuTime ofLoad = load.cpuTime().since(loadBefore);
        final long syncBegins = System.nanoTime();
        new Calls().syncFileSystem(place.directory());
        final double syncSeconds = (System.nanoTime() - syncBegins) / 1e9;
        return new Turn(tally, place.serving().cpuTime().since(servingBefore), ofLoad, syncSeconds);
    }

    private static Memory most(final Memory one, final Memory other) {
        return new Memory(
                Math.max(one.residentBytes(), other.residentBytes()), Math.max(one.peakBytes(), other.peakBytes()));
    }

    private void clean(final List<Path> directories) throws IOException, InterruptedException {
        for (final Path directory : directories) {
            progress.accept("removing " + directory);
            final Program remove = new Program(scratch, scratch, List.of("rm", "-rf", directory.toString()));
            if (!remove.run(CLEANING_TIME).finished()) {
                throw new IOException(directory + " could not be removed within " + CLEANING_TIME.toSeconds() + " s");
            }
        }
    }
}
