package io.tarn.s3.gateway;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds how many connections are open. One too many is closed at once and only counted: whoever brings a flood of them must not fill the
 * log as well. Thread-safe.
 */
final class ConnectionLimit {
    private final int limit;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder turnedAway = new LongAdder();

    ConnectionLimit(final int limit) {
        this.limit = limit;
    }

    /** Whether this new connection may stay; one that may not is closed. */
    boolean admit(final Channel channel) {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            turnedAway.increment();
            final var unused = channel.close();
            return false;
        }
        final var unused = channel.closeFuture().addListener(closed -> open.decrementAndGet());
        return true;
    }

    long turnedAway() {
        return turnedAway.sum();
    }
}
