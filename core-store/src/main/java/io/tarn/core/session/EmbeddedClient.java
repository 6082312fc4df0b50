package io.tarn.core.session;

import io.tarn.client.Administration;
import io.tarn.client.Inodes;
import io.tarn.client.Leases;
import io.tarn.client.Locks;
import io.tarn.client.ObjectStore;
import io.tarn.client.TarnClient;

/** The client of shards and extents in the same process: no socket between. */
public final class EmbeddedClient implements TarnClient {
    private final Administration administration;
    private final ShardObjectStore objects;
    private final ShardInodes inodes;
    private final ShardLocks locks;
    private final ShardLeases leases;
    private final VolumeWriters writers;

    /**
     * A client of one session.
     *
     * @param home the shard that leases are kept in
     * @param waiters hears of granted locks from the shards
     */
    public EmbeddedClient(
            final Administration administration,
            final ShardMap shards,
            final ShardSession home,
            final VolumeWriters writers,
            final BlockReader blocks,
            final ReadPins pins,
            final LockWaiters waiters) {
        this.administration = administration;
        this.writers = writers;
        this.objects = new ShardObjectStore(shards, writers, blocks, pins);
        this.inodes = new ShardInodes(shards, writers, blocks, pins, new WriteBack(WriteBack.Limits.DEFAULT));
        this.locks = new ShardLocks(shards, waiters);
        this.leases = new ShardLeases(shards, home);
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
    public Inodes inodes() {
        return inodes;
    }

    @Override
    public Locks locks() {
        return locks;
    }

    @Override
    public Leases leases() {
        return leases;
    }

    @Override
    public void close() {
        writers.close();
    }
}
