package io.tarn.bench.load;

import io.tarn.bench.load.Measurements.CaseResult;
import io.tarn.bench.load.Measurements.Server;
import io.tarn.bench.process.Memory;
import io.tarn.bench.s3.KeySet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Runs a plan. Endpoints take turns run by run, and the one that begins changes every round, so that a machine whose speed
 * drifts treats them alike; only one is under load at a time. Used by one thread.
 */
public final class BenchRunner {
    /** Bytes of the set of one size that GET and HEAD read: it stays in the page cache, so disks do not matter. */
    private static final long BASE_SET_BYTES = 256L * 1024 * 1024;

    private static final int BASE_SET_LEAST = 4;
    private static final int BASE_SET_MOST = 1000;
    private static final int WARMUP_ROUND = 0;
    private static final Set<Operation> OF_SIZES =
            EnumSet.of(Operation.PUT, Operation.GET, Operation.HEAD, Operation.MIXED, Operation.DELETE);
    private static final Set<Operation> OF_MANY_KEYS =
            EnumSet.of(Operation.PUT, Operation.GET, Operation.HEAD, Operation.LIST, Operation.DELETE);

    private final BenchPlan plan;
    private final List<Target> targets;
    private final Consumer<String> progress;
    private final String runId =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private final List<Bucket> buckets = new ArrayList<>();
    private final List<StageRunner> runners;

    /**
     * A runner for one run.
     *
     * @param progress told what is being done, a line at a time
     */
    public BenchRunner(final BenchPlan plan, final List<Target> targets, final Consumer<String> progress) {
        this.plan = plan;
        this.targets = List.copyOf(targets);
        this.progress = progress;
        this.runners = targets.stream()
                .map(target -> new StageRunner(
                        target,
                        targets.stream().filter(other -> !other.equals(target)).toList(),
                        plan))
                .toList();
    }

    /**
     * Runs everything and cleans up, unless the plan says to keep.
     *
     * @throws IOException at the first wrong or missing answer; buckets then stay behind
     */
    public Measurements run() throws IOException, InterruptedException {
        final List<Memory> before = new ArrayList<>();
        final List<Double> cpuBefore = new ArrayList<>();
        for (final Target target : targets) {
            before.add(target.process().memory());
            cpuBefore.add(target.process().cpuSeconds());
        }
        final List<CaseResult> results = new ArrayList<>();
        runSizes(results);
        if (plan.operations().contains(Operation.LIST)) {
            runStage(keysStage("list", plan.listKeys(), EnumSet.of(Operation.LIST)), results);
        }
        if (plan.manyKeys() > 0) {
            runManyKeys(results);
        }
        final List<Server> servers = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            final Target target = targets.get(i);
            final double background = target.process().cpuSeconds()
                    - cpuBefore.get(i)
                    - runners.get(i).serverCpuSeconds();
            servers.add(new Server(
                    target.endpoint().name(),
                    target.process().pid(),
                    before.get(i),
                    target.process().memory(),
                    Math.max(0, background)));
        }
        if (!plan.keep()) {
            cleanUp();
        }
        return new Measurements(servers, results);
    }

    private void runSizes(final List<CaseResult> results) throws IOException, InterruptedException {
        final Set<Operation> operations = EnumSet.copyOf(OF_SIZES);
        operations.retainAll(plan.operations());
        if (operations.isEmpty()) {
            return;
        }
        for (final int size : plan.sizesBytes()) {
            final int count = Math.clamp(BASE_SET_BYTES / size, BASE_SET_LEAST, BASE_SET_MOST);
            final Bucket bucket = bucket("size-" + size, count, size);
            for (final int concurrency : plan.concurrencies()) {
                runStage(new Stage(bucket.name(), bucket.base(), count, count, size, concurrency, operations), results);
            }
        }
    }

    private Stage keysStage(final String name, final int keys, final Set<Operation> operations)
            throws IOException, InterruptedException {
        final Bucket bucket = bucket(name, keys, BenchPlan.KEYS_OBJECT_BYTES);
        return new Stage(
                bucket.name(),
                bucket.base(),
                keys,
                keys,
                BenchPlan.KEYS_OBJECT_BYTES,
                plan.concurrencies().getFirst(),
                operations);
    }

    private void runManyKeys(final List<CaseResult> results) throws IOException, InterruptedException {
        final Set<Operation> operations = EnumSet.copyOf(OF_MANY_KEYS);
        operations.retainAll(plan.operations());
        if (operations.isEmpty()) {
            return;
        }
        final Stage few = keysStage("few-keys", BenchPlan.FEW_KEYS, operations);
        final Stage many = keysStage("many-keys", plan.manyKeys(), operations);
        runTogether(List.of(few, many), results);
    }

    private void runStage(final Stage stage, final List<CaseResult> results) throws IOException, InterruptedException {
        runTogether(List.of(stage), results);
    }

    /** Runs stages round by round, each round all of them, so that they can be compared with each other, too. */
    private void runTogether(final List<Stage> stages, final List<CaseResult> results)
            throws IOException, InterruptedException {
        final List<Map<Operation, List<List<RunResult>>>> collected = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            collected.add(new EnumMap<>(Operation.class));
        }
        for (int round = WARMUP_ROUND; round <= plan.rounds(); round++) {
            for (int i = 0; i < stages.size(); i++) {
                runRound(stages.get(i), round, collected.get(i));
            }
        }
        for (int i = 0; i < stages.size(); i++) {
            final Stage stage = stages.get(i);
            collected
                    .get(i)
                    .forEach((operation, rounds) -> results.add(new CaseResult(stage.subject(operation), rounds)));
        }
    }

    private void runRound(final Stage stage, final int round, final Map<Operation, List<List<RunResult>>> into)
            throws IOException, InterruptedException {
        final boolean warmup = round == WARMUP_ROUND;
        progress.accept(String.format(
                "%s, %,d bytes, %,d keys, concurrency %d: %s",
                stage.operations(),
                stage.sizeBytes(),
                stage.keysInBucket(),
                stage.concurrency(),
                warmup ? "warm-up" : "round " + round + " of " + plan.rounds()));
        for (final Operation operation : StageRunner.needed(stage.operations())) {
            for (int turn = 0; turn < targets.size(); turn++) {
                final int i = (turn + round) % targets.size();
                final RunResult result =
                        runners.get(i).run(stage, operation, round, warmup ? plan.warmupTime() : plan.roundTime());
                if (!warmup && stage.operations().contains(operation)) {
                    into.computeIfAbsent(operation, ignored -> perTarget())
                            .get(i)
                            .add(result);
                }
            }
        }
        for (final StageRunner runner : runners) {
            runner.removeLeftOvers();
        }
    }

    private List<List<RunResult>> perTarget() {
        final List<List<RunResult>> lists = new ArrayList<>();
        targets.forEach(ignored -> lists.add(new ArrayList<>()));
        return lists;
    }

    /** A bucket of every target, with the set that is read. */
    private record Bucket(String name, KeySet base, int count) {}

    private Bucket bucket(final String name, final int count, final int sizeBytes)
            throws IOException, InterruptedException {
        final String unique = "tarn-bench-" + runId + '-' + name;
        final Bucket bucket = new Bucket(unique, new KeySet(unique, "base/"), count);
        for (final StageRunner runner : runners) {
            progress.accept(String.format("%s: writing %,d objects of %,d bytes", runner.name(), count, sizeBytes));
            runner.fill(bucket.base(), count, sizeBytes);
        }
        buckets.add(bucket);
        return bucket;
    }

    private void cleanUp() throws IOException, InterruptedException {
        for (final Bucket bucket : buckets) {
            progress.accept("removing bucket " + bucket.name());
            for (final StageRunner runner : runners) {
                runner.drop(bucket.base(), bucket.count());
            }
        }
    }
}
