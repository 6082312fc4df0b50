package io.tarn.core.keeper;

import io.tarn.core.session.SessionClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Has the clients of this node tell the shards of files that they have had open for reading for a while, so that their pins go. Clients
 * that are closed leave.
 */
public final class HandleKeeper implements BackgroundWork {
    private final Set<SessionClient> clients;
    private final LongSupplier nanoTime;
    private final LongAdder doneByClosed = new LongAdder();

    /** @param clients of this node, added to by whoever opens one; safe for concurrent use */
    public HandleKeeper(final Set<SessionClient> clients, final LongSupplier nanoTime) {
        this.clients = clients;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "handles";
    }

    @Override
    public boolean round() {
        boolean more = false;
        for (final SessionClient client : List.copyOf(clients)) {
            if (client.isClosed()) {
                doneByClosed.add(client.heldFiles());
                clients.remove(client);
            } else {
                more |= client.round(nanoTime.getAsLong());
            }
        }
        return more;
    }

    /** Files open for reading that keep a pin. */
    @Override
    public long backlog() {
        return clients.stream().mapToLong(SessionClient::pinnedFiles).sum();
    }

    /** Files that the shards were told of. */
    @Override
    public long done() {
        return doneByClosed.sum()
                + clients.stream().mapToLong(SessionClient::heldFiles).sum();
    }
}
