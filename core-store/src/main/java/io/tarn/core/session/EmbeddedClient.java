package io.tarn.core.session;

import io.tarn.client.Administration;
import io.tarn.client.ObjectStore;
import io.tarn.client.TarnClient;

/** The client of shards and extents in the same process: no socket between. */
public final class EmbeddedClient implements TarnClient {
    private final Administration administration;
    private final ShardObjectStore objects;
    private final VolumeWriters writers;

    public EmbeddedClient(
            final Administration administration,
            final ShardMap shards,
            final VolumeWriters writers,
            final BlockReader blocks,
            final ReadPins pins) {
        this.administration = administration;
        this.writers = writers;
        this.objects = new ShardObjectStore(shards, writers, blocks, pins);
    }

    /** The files alone, of volumes whose ids are known without an administration. */
    public static ObjectStore objects(
            final ShardMap shards, final VolumeWriters writers, final BlockReader blocks, final ReadPins pins) {
        return new ShardObjectStore(shards, writers, blocks, pins);
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
    public void close() {
        writers.close();
    }
}
