package io.tarn.core.keeper;

import io.tarn.core.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives some kinds of background work from one thread: each in turn, until none has more to do, then a pause. Work that fails is
 * logged, counted and tried again after the pause; it holds none of the others up.
 */
final class WorkLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

    private final ReentrantLock round = new ReentrantLock();
    private final List<BackgroundWork> works;
    private final Duration pause;
    private final CountDownLatch stopping;
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Thread thread;

    /** @param stopping ends all waits when it falls */
    WorkLoop(final String name, final Duration pause, final CountDownLatch stopping, final List<BackgroundWork> works) {
        this.works = List.copyOf(works);
        this.pause = pause;
        this.stopping = stopping;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            boolean more = false;
            while (!stopping.await(more ? 0 : pause.toNanos(), TimeUnit.NANOSECONDS)) {
                more = false;
                for (final BackgroundWork work : works) {
                    more |= stopping.getCount() > 0 && tryRound(work);
                }
            }
        } catch (final InterruptedException interrupted) {
            LOG.debug("background work interrupted", interrupted);
        }
    }

    private boolean tryRound(final BackgroundWork work) {
        round.lock();
        try {
            final boolean more = work.round();
            troubles.remove(work.name());
            return more;
        } catch (final StorageException failed) {
            if (stopping.getCount() == 0) {
                LOG.debug("{} ends: {}", work.name(), failed.getMessage());
                return false;
            }
            failed(work, failed);
            LOG.warn("{} put off: {}", work.name(), failed.getMessage());
        } catch (final RuntimeException broken) {
            failed(work, broken);
            LOG.error("{} failed", work.name(), broken);
        } finally {
            round.unlock();
        }
        return false;
    }

    private void failed(final BackgroundWork work, final RuntimeException why) {
        errors.computeIfAbsent(work.name(), unused -> new LongAdder()).increment();
        troubles.put(work.name(), String.valueOf(why.getMessage()));
    }

    /** Runs something between two rounds, on the caller's thread. */
    void exclusively(final Runnable action) {
        round.lock();
        try {
            action.run();
        } finally {
            round.unlock();
        }
    }

    List<WorkFigures> figures() {
        return works.stream().map(this::figures).toList();
    }

    private WorkFigures figures(final BackgroundWork work) {
        final LongAdder failed = errors.get(work.name());
        return new WorkFigures(
                work.name(),
                work.backlog(),
                work.done(),
                work.skipped() + (failed == null ? 0 : failed.sum()),
                Optional.ofNullable(troubles.get(work.name())));
    }

    /** Waits for the round that is under way, for a while; the signal has fallen. */
    @Override
    public void close() {
        try {
            if (thread.isAlive() && !thread.join(STOP_PATIENCE)) {
                LOG.warn("{} is still in a step after {}", thread.getName(), STOP_PATIENCE);
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
