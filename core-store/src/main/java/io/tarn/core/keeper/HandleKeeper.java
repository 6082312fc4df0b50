package io.tarn.core.keeper;

import io.tarn.core.session.EmbeddedClient;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Has the clients of this node tell the shards of files that they have had open for reading for a while, so that their pins go. Clients
 * that are closed leave. Counts rounds.
 */
public final class HandleKeeper implements BackgroundWork {
    private final Set<EmbeddedClient> clients;
    private final LongSupplier nanoTime;
    private final LongAdder rounds = new LongAdder();

    /** @param clients of this node, added to by whoever opens one; safe for concurrent use */
    public HandleKeeper(final Set<EmbeddedClient> clients, final LongSupplier nanoTime) {
        this.clients = clients;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "handles";
    }

    @Override
    public boolean round() {
        clients.removeIf(EmbeddedClient::isClosed);
        boolean more = false;
        for (final EmbeddedClient client : clients) {
            more |= client.round(nanoTime.getAsLong());
        }
        rounds.increment();
        return more;
    }

    /** Clients there are. */
    @Override
    public long backlog() {
        return clients.size();
    }

    @Override
    public long done() {
        return rounds.sum();
    }
}
