package io.tarn.core.keeper;

import io.tarn.core.StorageException;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.session.Names;
import io.tarn.core.session.ShardSession;
import io.tarn.core.session.VolumeWriters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives a node's background work from one thread: idle extents are sealed, dead writers' extents recovered, dead space given back.
 * A round that fails is logged and tried again; nothing waits for it.
 */
public final class NodeKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** Small garbage is collected once in so many ticks. */
    private static final int TICKS_PER_THOROUGH_ROUND = 60;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

    private final ReentrantLock round = new ReentrantLock();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<ShardSession> shards;
    private final Names names;
    private final List<SpaceKeeper> space;
    private final VolumeWriters writers;
    private final LongSupplier nanoTime;
    private final Thread thread = Thread.ofPlatform().daemon().name("keeper").unstarted(this::run);

    public NodeKeeper(
            final List<ShardSession> shards, final ExtentStore store, final Names names, final VolumeWriters writers) {
        this(shards, store, names, writers, System::nanoTime);
    }

    /** @param nanoTime the clock that {@code writers} go by */
    public NodeKeeper(
            final List<ShardSession> shards,
            final ExtentStore store,
            final Names names,
            final VolumeWriters writers,
            final LongSupplier nanoTime) {
        this.shards = List.copyOf(shards);
        this.names = names;
        this.space = shards.stream()
                .map(shard -> new SpaceKeeper(shard, store, shard.pins()))
                .toList();
        this.writers = writers;
        this.nanoTime = nanoTime;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            boolean recovered = false;
            for (long ticks = 1; !stopping.await(TICK.toNanos(), TimeUnit.NANOSECONDS); ticks++) {
                recovered = tick(recovered, ticks % TICKS_PER_THOROUGH_ROUND != 0);
            }
        } catch (final InterruptedException interrupted) {
            LOG.debug("keeper interrupted", interrupted);
        }
    }

    /** One round; returns whether dead writers' extents are dealt with, which are then looked for in thorough rounds only. */
    private boolean tick(final boolean recovered, final boolean patient) {
        round.lock();
        try {
            writers.tick(nanoTime.getAsLong());
            shards.forEach(names::sweep);
            for (final SpaceKeeper keeper : space) {
                if (!recovered || !patient) {
                    keeper.recoverOrphans();
                }
                keeper.clean(patient);
            }
            return true;
        } catch (final StorageException failed) {
            LOG.warn("background work put off: {}", failed.getMessage());
        } catch (final RuntimeException broken) {
            LOG.error("background work failed", broken);
        } finally {
            round.unlock();
        }
        return recovered;
    }

    /** One thorough round now, on the caller's thread. */
    public void runOnce() {
        round.lock();
        try {
            writers.tick(nanoTime.getAsLong());
            shards.forEach(names::sweep);
            space.forEach(SpaceKeeper::recoverOrphans);
            space.forEach(keeper -> keeper.clean(false));
        } finally {
            round.unlock();
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!thread.join(STOP_PATIENCE)) {
                LOG.warn("background work is still in a step after {}", STOP_PATIENCE);
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
