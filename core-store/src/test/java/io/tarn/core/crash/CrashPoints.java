package io.tarn.core.crash;

import io.tarn.core.file.SimulatedFiles;
import io.tarn.core.shard.Shard;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One seeded workload, cut at every operation of its disk. At each one the disk is asked what a power failure and what a kill of the
 * process would leave at this moment, a node is recovered from that and judged; then the workload goes on as if nothing had been.
 * Some recoveries are cut themselves.
 *
 * <p>A failure names the seed and the operation, which give the same failure again: {@link #only}.
 */
final class CrashPoints {
    private static final int STEPS = 70;
    private static final int STEPS_AFTER = 3;
    private static final int RECOVERY_CUT_ONE_IN = 5;
    private static final int RECOVERY_OPERATIONS = 60;
    private static final long SESSIONS_PER_DEPTH = 1_000_000;
    private static final long PRIME = 1_000_003;

    private final long seed;
    private final UnaryOperator<Shard> view;
    private final Consumer<SimulatedFiles> flaw;
    private long only = -1;
    private long cut;
    private long checked;
    private int steps;

    private enum Way {
        POWER,
        KILL
    }

    /**
     * @param view what clients and keepers see of the shard, for keepers that are to be caught
     * @param flaw what is wrong with the disk, for disks that are to be caught
     */
    CrashPoints(final long seed, final UnaryOperator<Shard> view, final Consumer<SimulatedFiles> flaw) {
        this.seed = seed;
        this.view = view;
        this.flaw = flaw;
    }

    CrashPoints(final long seed) {
        this(seed, UnaryOperator.identity(), disk -> {});
    }

    /** Cuts at this operation alone, to look at a failure. */
    CrashPoints only(final long operation) {
        only = operation;
        return this;
    }

    /** Returns how often the workload, or a recovery, was cut. */
    long run() {
        final SimulatedFiles disk = new SimulatedFiles(SimulatedNode.ROOT);
        flaw.accept(disk);
        final Expected expected = new Expected();
        disk.afterEach(() -> cutHere(disk, expected));
        final SimulatedNode node = SimulatedNode.start(disk, 1, new SimulatedNode.Clock(), view);
        final Workload workload = new Workload(new Run(new Random(seed), node, expected), 2);
        for (int i = 0; i < STEPS; i++) {
            steps++;
            workload.next();
        }
        return checked;
    }

    private void cutHere(final SimulatedFiles disk, final Expected expected) {
        cut++;
        if (only >= 0 && only != cut) {
            return;
        }
        for (final Way way : Way.values()) {
            try {
                cut(disk, expected, way, new Random((seed * PRIME + cut) * PRIME + way.ordinal()), 1);
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "replay with -Dtarn.crash.seed=%d -Dtarn.crash.operation=%d (%s, in step %d): %s"
                                .formatted(
                                        seed,
                                        cut,
                                        way,
                                        steps,
                                        String.valueOf(e.getMessage()).replace('\n', ' ')),
                        e);
            }
        }
    }

    private void cut(
            final SimulatedFiles disk, final Expected expected, final Way way, final Random random, final int depth) {
        final SimulatedFiles left = way == Way.POWER ? disk.crash(random) : disk.kill();
        checked++;
        final Expected own = expected.copy();
        if (depth == 1 && random.nextInt(RECOVERY_CUT_ONE_IN) == 0) {
            cutRecovery(left, own, random.nextInt(RECOVERY_OPERATIONS), new Random(random.nextLong()));
        }
        recover(left, own, random, depth * SESSIONS_PER_DEPTH);
    }

    /** Cuts the recovery once more, by power: what a killed process left unforced may be lost then. */
    private void cutRecovery(
            final SimulatedFiles disk, final Expected expected, final int operations, final Random random) {
        final int[] left = {operations};
        disk.afterEach(() -> {
            if (left[0]-- == 0) {
                cut(disk, expected, Way.POWER, random, 2);
            }
        });
    }

    private void recover(final SimulatedFiles disk, final Expected expected, final Random random, final long sessions) {
        final SimulatedNode node = SimulatedNode.start(disk, sessions, new SimulatedNode.Clock(), view);
        expected.settle(node.look());
        node.keep();
        final Audit audit = new Audit(node);
        audit.noSpaceLost();
        audit.sound();
        expected.check(node.look());
        final Workload after = new Workload(new Run(random, node, expected), sessions + 1);
        for (int i = 0; i < STEPS_AFTER; i++) {
            after.next();
        }
        expected.check(node.look());
    }
}
