package io.tarn.core.session;

import io.tarn.client.Administration;
import io.tarn.client.ChangeFeed;
import io.tarn.client.ObjectStore;
import io.tarn.client.TarnClient;

/** The client of shards and extents in the same process: no socket between. */
public final class EmbeddedClient implements TarnClient {
    private final Administration administration;
    private final ShardObjectStore objects;
    private final ShardChangeFeed changes;
    private final FeedSignal signal;
    private final VolumeWriters writers;

    public EmbeddedClient(
            final Administration administration,
            final ShardMap shards,
            final VolumeWriters writers,
            final BlockReader blocks,
            final ReadPins pins,
            final FeedSignal signal) {
        this.administration = administration;
        this.writers = writers;
        this.objects = new ShardObjectStore(shards, writers, blocks, pins);
        this.changes = new ShardChangeFeed(shards, signal);
        this.signal = signal;
    }

    @Override
    public Administration administration() {
        return administration;
    }

    @Override
    public ObjectStore objects() {
        return objects;
    }

    @Override
    public ChangeFeed changes() {
        return changes;
    }

    @Override
    public void close() {
        signal.close();
        writers.close();
    }
}
