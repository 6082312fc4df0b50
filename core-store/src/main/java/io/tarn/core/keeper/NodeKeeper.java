package io.tarn.core.keeper;

import io.tarn.core.StorageException;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import io.tarn.core.session.VolumeWriters;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keeper").factory());
    private final SpaceKeeper space;
    private final VolumeWriters writers;
    private long ticks;

    public NodeKeeper(
            final ShardSession shard, final ExtentStore store, final ReadPins pins, final VolumeWriters writers) {
        this.space = new SpaceKeeper(shard, store, pins);
        this.writers = writers;
    }

    public void start() {
        thread.scheduleWithFixedDelay(this::tick, TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void tick() {
        try {
            ticks++;
            writers.tick(System.nanoTime());
            if (ticks == 1) {
                space.recoverOrphans();
            }
            space.clean(ticks % TICKS_PER_THOROUGH_ROUND != 0);
        } catch (final StorageException failed) {
            LOG.warn("background work put off: {}", failed.getMessage());
        } catch (final RuntimeException broken) {
            LOG.error("background work failed", broken);
        }
    }

    /** One thorough round now, on the caller's thread; for tests and maintenance commands. */
    public void runOnce() {
        try {
            thread.submit(() -> {
                        space.recoverOrphans();
                        space.clean(false);
                    })
                    .get();
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (final java.util.concurrent.ExecutionException failed) {
            throw failed.getCause() instanceof final RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(STOP_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("background work is still in a step after {}", STOP_PATIENCE);
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
