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
            final Names names,
            final VolumeWriters writers,
            final BlockReader blocks) {
        this.administration = administration;
        this.writers = writers;
        this.objects = new ShardObjectStore(names, writers, blocks);
    }

    /** The files alone, of volumes whose ids are known without an administration. */
    public static ObjectStore objects(final Names names, final VolumeWriters writers, final BlockReader blocks) {
        return new ShardObjectStore(names, writers, blocks);
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
