package io.tarn.core.crash;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.SimulatedFiles;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One seeded workload on a device that fails from some operation on, once or until it is repaired. A step may fail, with a failure
 * that says so; what was acknowledged is read all the while; once the device works again so does the node, and after a power failure
 * nothing is missing.
 */
final class FaultPoints {
    private static final int STEPS_BEFORE = 45;
    private static final int STEPS_AFTER = 12;
    /** A fault that no step noticed ends after so many. */
    private static final int STEPS_WITH_FAULT = 4;

    private static final long SESSIONS_AFTER = 1_000_000;
    private static final long SESSIONS_AT_LAST = 2_000_000;

    private final long seed;
    private final Failure failure;
    private final long times;
    private final SimulatedFiles disk = new SimulatedFiles(SimulatedNode.ROOT);
    private final Expected expected = new Expected();
    private boolean failed;

    /** @param times operations that fail */
    FaultPoints(final long seed, final Failure failure, final long times) {
        this.seed = seed;
        this.failure = failure;
        this.times = times;
    }

    /** Operations of the workload when nothing fails. */
    static long operations(final long seed) {
        final FaultPoints whole = new FaultPoints(seed, Failure.IO_ERROR, 0);
        whole.run(Long.MAX_VALUE / 2);
        return whole.disk.operations();
    }

    /** Returns whether anything failed. */
    boolean run(final long operation) {
        disk.failAfter(operation, times, failure);
        final SimulatedNode node = start();
        final Workload workload = new Workload(new Run(new Random(seed), node, expected), 10);
        int withFault = 0;
        for (int i = 0; i < STEPS_BEFORE && !failed && withFault < STEPS_WITH_FAULT; i++) {
            attempt(workload::next);
            withFault += disk.operations() > operation ? 1 : 0;
        }
        expected.check(node.look());
        repair(node);
        workload.settleSession();
        for (int i = 0; i < STEPS_AFTER; i++) {
            workload.next();
        }
        workload.closeReaders();
        node.openSession(SESSIONS_AFTER);
        judge(node);
        final SimulatedNode again = SimulatedNode.start(
                disk.crash(new Random(seed + operation)),
                SESSIONS_AT_LAST,
                new SimulatedNode.Clock(),
                UnaryOperator.identity());
        judge(again);
        return failed;
    }

    private SimulatedNode start() {
        try {
            return start(1);
        } catch (final StorageException e) {
            require(e);
            disk.recover();
            return start(2);
        }
    }

    private SimulatedNode start(final long session) {
        return SimulatedNode.start(disk, session, new SimulatedNode.Clock(), UnaryOperator.identity());
    }

    private void attempt(final Runnable step) {
        try {
            step.run();
        } catch (final StorageException e) {
            require(e);
        }
    }

    private void require(final StorageException e) {
        // a log that fails leaves the outcome unknown, and a shard that stopped takes nothing
        final Set<Failure> allowed = EnumSet.of(failure, Failure.TIMEOUT, Failure.UNAVAILABLE);
        if (!allowed.contains(e.failure())) {
            throw new AssertionError("%s instead of %s".formatted(e.failure(), failure), e);
        }
        failed = true;
    }

    private void repair(final SimulatedNode node) {
        disk.recover();
        if (node.shard().stoppedBy().isPresent()) {
            node.shard().resume();
        }
        expected.settle(node.look());
    }

    private void judge(final SimulatedNode node) {
        expected.check(node.look());
        node.keep();
        final Audit audit = new Audit(node);
        audit.noSpaceLost();
        audit.sound();
        expected.check(node.look());
    }
}
