package io.tarn.core.node;

import io.tarn.core.session.ReadPins;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives no space back for a while after a start, so that readers in other processes, whose pins went with the node's earlier life, have time
 * to take them again. A virtual thread waits for the end of that while.
 */
final class GracePins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GracePins.class);
    /** Before everything that a log holds. */
    private static final long FIRST_INDEX = 0;

    private final List<ReadPins.Pin> pins;
    private final CountDownLatch closing = new CountDownLatch(1);

    GracePins(final List<ReadPins> shards, final Duration grace) {
        this.pins = shards.stream().map(pins -> pins.pin(FIRST_INDEX)).toList();
        Thread.ofVirtual().name("grace-pins").start(() -> release(grace));
    }

    private void release(final Duration grace) {
        try {
            final boolean closed = closing.await(grace.toNanos(), TimeUnit.NANOSECONDS);
            LOG.debug("clients had {} to come back{}", grace, closed ? ", cut short" : "");
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pins.forEach(ReadPins.Pin::close);
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
