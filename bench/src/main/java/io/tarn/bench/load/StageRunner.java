package io.tarn.bench.load;

import io.tarn.bench.s3.KeySet;
import io.tarn.bench.s3.S3Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.function.LongUnaryOperator;

/**
 * Runs the operations of stages on one target and keeps account of the objects that are there. Used by one thread.
 */
final class StageRunner {
    /** Most operations of a run; with it the memory that remembers what a mixed run left is bounded. */
    private static final long MAX_RUN_OPERATIONS = 5_000_000;

    private static final int FILL_CONCURRENCY = 32;

    private final Target target;
    private final List<Target> bystanders;
    private final BenchPlan plan;
    private final List<LeftOver> leftOvers = new ArrayList<>();
    private long written;
    private double serverCpuSeconds;

    StageRunner(final Target target, final List<Target> bystanders, final BenchPlan plan) {
        this.target = target;
        this.bystanders = bystanders;
        this.plan = plan;
    }

    /** Objects to delete, unmeasured, at the end of a round: {@code count} of them, numbered by a function. */
    private record LeftOver(KeySet keys, LongUnaryOperator objects, long count) {}

    String name() {
        return target.endpoint().name();
    }

    /** CPU time of the server in all runs so far. */
    double serverCpuSeconds() {
        return serverCpuSeconds;
    }

    /** The operations to run so that the wanted ones can be: DELETE needs what PUT writes. */
    static Set<Operation> needed(final Set<Operation> wanted) {
        final Set<Operation> needed = EnumSet.copyOf(wanted);
        if (needed.contains(Operation.DELETE)) {
            needed.add(Operation.PUT);
        }
        return needed;
    }

    RunResult run(final Stage stage, final Operation operation, final int round, final Duration time)
            throws IOException, InterruptedException {
        final KeySet puts = stage.written(round, "put");
        final int concurrency = stage.concurrency();
        return switch (operation) {
            case PUT -> {
                final RunResult result = run(
                        new Limits(writable(stage), time), concurrency, worker -> Steps.put(puts, stage.sizeBytes()));
                written = result.operations();
                if (!stage.operations().contains(Operation.DELETE)) {
                    leftOvers.add(new LeftOver(puts, LongUnaryOperator.identity(), written));
                }
                yield result;
            }
            case GET -> run(unbounded(time), concurrency, worker -> Steps.get(stage, worker));
            case HEAD -> run(unbounded(time), concurrency, worker -> Steps.head(stage, worker));
            case LIST -> run(unbounded(time), concurrency, worker -> Steps.list(stage, worker));
            case MIXED -> mixed(stage, round, time);
            case DELETE -> {
                final RunResult result = run(new Limits(written, time), concurrency, worker -> Steps.delete(puts));
                final long deleted = result.operations();
                leftOvers.add(new LeftOver(puts, index -> deleted + index, written - deleted));
                yield result;
            }
        };
    }

    private RunResult mixed(final Stage stage, final int round, final Duration time)
            throws IOException, InterruptedException {
        final KeySet keys = stage.written(round, "mixed");
        final ConcurrentLinkedQueue<Steps.Mixed> steps = new ConcurrentLinkedQueue<>();
        // a quarter of the operations at most are PUTs: those of the mix, and deletes that find nothing to delete
        final RunResult result = run(new Limits(writable(stage) * 4, time), stage.concurrency(), worker -> {
            final Steps.Mixed step = Steps.mixed(stage, keys, worker);
            steps.add(step);
            return step;
        });
        final long[] left = steps.stream()
                .flatMap(step -> step.left().stream())
                .mapToLong(Long::longValue)
                .toArray();
        leftOvers.add(new LeftOver(keys, index -> left[(int) index], left.length));
        return result;
    }

    void removeLeftOvers() throws IOException, InterruptedException {
        for (final LeftOver leftOver : leftOvers) {
            delete(leftOver);
        }
        leftOvers.clear();
    }

    void fill(final KeySet base, final int count, final int sizeBytes) throws IOException, InterruptedException {
        try (S3Connection connection = target.connect()) {
            connection.createBucket(base.bucket());
        }
        final RunResult result =
                run(new Limits(count, plan.populateTime()), FILL_CONCURRENCY, worker -> Steps.put(base, sizeBytes));
        if (result.operations() < count) {
            throw new IOException(name() + " took only " + result.operations() + " of " + count + " objects in "
                    + plan.populateTime().toSeconds() + " s; give it more with --populate-time");
        }
    }

    void drop(final KeySet base, final int count) throws IOException, InterruptedException {
        delete(new LeftOver(base, LongUnaryOperator.identity(), count));
        try (S3Connection connection = target.connect()) {
            connection.deleteBucket(base.bucket());
        }
    }

    private void delete(final LeftOver gone) throws IOException, InterruptedException {
        if (gone.count() == 0) {
            return;
        }
        final Limits limits = new Limits(gone.count(), plan.populateTime());
        final RunResult result = run(limits, FILL_CONCURRENCY, worker -> (connection, index) -> {
            connection.delete(gone.keys(), gone.objects().applyAsLong(index));
            return 0;
        });
        if (result.operations() < gone.count()) {
            throw new IOException(name() + " removed only " + result.operations() + " of " + gone.count()
                    + " objects in " + plan.populateTime().toSeconds() + " s");
        }
    }

    private RunResult run(final Limits limits, final int concurrency, final IntFunction<Step> steps)
            throws IOException, InterruptedException {
        final RunResult result = new LoadRun(target, bystanders, limits).run(concurrency, steps);
        serverCpuSeconds += result.serverCpuSeconds();
        return result;
    }

    private long writable(final Stage stage) {
        return Math.clamp(plan.maxRunBytes() / stage.sizeBytes(), 1, MAX_RUN_OPERATIONS);
    }

    private static Limits unbounded(final Duration time) {
        return new Limits(MAX_RUN_OPERATIONS, time);
    }
}
