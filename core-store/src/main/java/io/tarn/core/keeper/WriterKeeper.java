package io.tarn.core.keeper;

import io.tarn.core.session.SessionClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Has idle extents of all clients of the node sealed, idle writers leave, and seals and releases that failed tried again. Counts rounds. */
public final class WriterKeeper implements BackgroundWork {
    private final Set<SessionClient> clients;
    private final LongSupplier nanoTime;
    private final LongAdder rounds = new LongAdder();

    /** @param clients of this node, added to by whoever opens one; safe for concurrent use */
    public WriterKeeper(final Set<SessionClient> clients, final LongSupplier nanoTime) {
        this.clients = clients;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "writers";
    }

    @Override
    public boolean round() {
        for (final SessionClient client : List.copyOf(clients)) {
            client.tickWriters(nanoTime.getAsLong());
        }
        rounds.increment();
        return false;
    }

    /** Volumes that have a writer. */
    @Override
    public long backlog() {
        return clients.stream().mapToLong(SessionClient::writtenVolumes).sum();
    }

    @Override
    public long done() {
        return rounds.sum();
    }
}
