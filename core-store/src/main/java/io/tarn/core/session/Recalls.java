package io.tarn.core.session;

import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Visit;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks holders of directories to give them back, wherever they are: clients of this process directly, others by the service. Asking costs a
 * look into a map and does not wait; whoever wants the directory tries again, and asks again. One who is asked for {@link #PATIENCE} and does
 * not give it back loses his session. Thread-safe.
 */
public final class Recalls {
    /** How long a holder is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Who is not asked again within this has been free meanwhile. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(2);
    /** Holders waited for at a time; beyond it the oldest patience is not counted. */
    private static final int WAITING_MAX = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(Recalls.class);

    private final LongSupplier nanoTime;
    private final Map<Long, Here> holders = new ConcurrentHashMap<>();
    private final Map<Held, Asked> asked = new ConcurrentHashMap<>();
    private volatile Elsewhere elsewhere = (session, directory) -> {};
    private volatile LongConsumer ending = session -> {};

    /** Holders in other processes. */
    @FunctionalInterface
    public interface Elsewhere {
        /** Must not block; what is lost on the way is asked for again. */
        void recall(long session, long directory);
    }

    /** A client of this process, until it is closed. */
    private record Here(LongConsumer recall, BooleanSupplier isClosed) {}

    private record Held(long session, long directory) {}

    private record Asked(long firstNanos, long lastNanos) {}

    public Recalls(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A client of this process may hold directories from now on under this session. */
    public void register(final long session, final LongConsumer recall, final BooleanSupplier isClosed) {
        holders.values().removeIf(holder -> holder.isClosed().getAsBoolean());
        holders.put(session, new Here(recall, isClosed));
    }

    /** How those are reached that are in other processes. */
    public void reach(final Elsewhere others) {
        elsewhere = others;
    }

    /** How a session is ended that does not answer. */
    public void endBy(final LongConsumer end) {
        ending = end;
    }

    /** Asks for a directory. */
    public void ask(final Visit visit) {
        final Held held = new Held(visit.getSession(), visit.getDirectory());
        if (isOverdue(held)) {
            asked.remove(held);
            LOG.warn(
                    "session {} does not give directory {} back for {}; it is ended",
                    held.session(),
                    Long.toHexString(held.directory()),
                    PATIENCE);
            try {
                ending.accept(held.session());
            } catch (final StorageException later) {
                LOG.warn("session {} could not be ended: {}", held.session(), later.getMessage());
            }
            return;
        }
        final Here here = holders.get(held.session());
        if (here == null) {
            elsewhere.recall(held.session(), held.directory());
        } else {
            here.recall().accept(held.directory());
        }
    }

    private boolean isOverdue(final Held held) {
        final long now = nanoTime.getAsLong();
        if (asked.size() >= WAITING_MAX) {
            asked.values().removeIf(one -> now - one.lastNanos() > FORGOTTEN.toNanos());
        }
        if (asked.size() >= WAITING_MAX && !asked.containsKey(held)) {
            return false;
        }
        final Asked present = asked.merge(
                held,
                new Asked(now, now),
                (before, fresh) ->
                        now - before.lastNanos() > FORGOTTEN.toNanos() ? fresh : new Asked(before.firstNanos(), now));
        return now - present.firstNanos() > PATIENCE.toNanos();
    }
}
