package io.tarn.core.remote;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.wire.PinAnswer;
import io.tarn.core.protocol.wire.PinRequest;
import io.tarn.core.protocol.wire.UnpinRequest;
import io.tarn.core.session.ReadPins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pins on a node. A pin keeps all that is found after it was taken, so readers share one: whoever comes within {@link #SHARED_FOR} of
 * its taking uses it too, and a client that reads all the time asks for one a second however many reads it does. What nobody uses any
 * more is given back by {@link #tick}. Thread-safe.
 */
final class RemotePins {
    static final Duration SHARED_FOR = Duration.ofSeconds(1);
    /** Pins of one shard; a client that has so many shares the last one for longer. */
    static final int PINS_MAX = 128;

    private static final Logger LOG = LoggerFactory.getLogger(RemotePins.class);

    private final Link link;
    private final LongSupplier nanoTime;
    private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();

    RemotePins(final Link link, final LongSupplier nanoTime) {
        this.link = link;
        this.nanoTime = nanoTime;
    }

    /** A pin that the node has, and how many readers count on it. */
    private static final class Shared {
        private long id;
        private final long index;
        private final long takenNanos;
        private int readers;
        private volatile boolean lost;

        Shared(final PinAnswer pin, final long takenNanos) {
            this.id = pin.getPin();
            this.index = pin.getIndex();
            this.takenNanos = takenNanos;
        }
    }

    /** Pins of one shard; the last is the youngest. */
    private static final class Shard {
        private final ReentrantLock lock = new ReentrantLock();
        private final List<Shared> pins = new ArrayList<>();
    }

    ReadPins.Pin pin(final int number) {
        final Shard shard = shards.computeIfAbsent(number, unused -> new Shard());
        shard.lock.lock();
        try {
            if (shard.pins.isEmpty() || (shard.pins.size() < PINS_MAX && isOld(shard.pins.getLast()))) {
                // before it is asked for, so that it is never thought younger than it is
                final long now = nanoTime.getAsLong();
                shard.pins.add(new Shared(take(number, 0), now));
            }
            final Shared shared = shard.pins.getLast();
            shared.readers++;
            return new Reader(shard, shared);
        } finally {
            shard.lock.unlock();
        }
    }

    /** One reader's share in a pin. */
    private static final class Reader implements ReadPins.Pin {
        private final Shard shard;
        private final Shared shared;
        private final AtomicBoolean held = new AtomicBoolean(true);

        Reader(final Shard shard, final Shared shared) {
            this.shard = shard;
            this.shared = shared;
        }

        @Override
        public boolean isKept() {
            return !shared.lost;
        }

        @Override
        public void close() {
            if (held.compareAndSet(true, false)) {
                leave(shard, shared);
            }
        }
    }

    private boolean isOld(final Shared pin) {
        return nanoTime.getAsLong() - pin.takenNanos > SHARED_FOR.toNanos();
    }

    private PinAnswer take(final int shard, final long index) {
        return link.call(
                Methods.PIN,
                PinRequest.newBuilder().setShard(shard).setIndex(index).build());
    }

    private boolean takeAgain(final int shard, final Shared pin) {
        try {
            pin.id = take(shard, pin.index).getPin();
        } catch (final StorageException refused) {
            if (refused.failure() != Failure.NOT_FOUND) {
                throw refused;
            }
            LOG.debug(
                    "what {} readers of shard {} have open may be gone: {}", pin.readers, shard, refused.getMessage());
            pin.lost = true;
        }
        return !pin.lost;
    }

    private static void leave(final Shard shard, final Shared shared) {
        shard.lock.lock();
        try {
            shared.readers--;
        } finally {
            shard.lock.unlock();
        }
    }

    /** Gives back what nobody uses. To be called every second or so. */
    void tick() {
        final UnpinRequest.Builder unused = UnpinRequest.newBuilder();
        for (final Shard shard : shards.values()) {
            shard.lock.lock();
            try {
                shard.pins.removeIf(pin -> {
                    final boolean over = pin.readers == 0 && isOld(pin);
                    if (over) {
                        unused.addPins(pin.id);
                    }
                    return over;
                });
            } finally {
                shard.lock.unlock();
            }
        }
        if (unused.getPinsCount() > 0) {
            try {
                link.once(Methods.UNPIN, unused.build());
            } catch (final StorageException lost) {
                // the node forgets them with the session, or has forgotten them with itself
                LOG.debug("pins are not given back: {}", lost.getMessage());
            }
        }
    }

    /** The node may have forgotten all: takes again what somebody uses, at the index where it was, unless that is gone by now. */
    void retake() {
        shards.forEach((number, shard) -> {
            shard.lock.lock();
            try {
                shard.pins.removeIf(pin -> pin.readers == 0);
                shard.pins.removeIf(pin -> !takeAgain(number, pin));
            } finally {
                shard.lock.unlock();
            }
        });
    }
}
