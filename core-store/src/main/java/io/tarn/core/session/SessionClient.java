package io.tarn.core.session;

import io.tarn.client.Administration;
import io.tarn.client.ChangeFeed;
import io.tarn.client.Inodes;
import io.tarn.client.Leases;
import io.tarn.client.Locks;
import io.tarn.client.ObjectStore;
import io.tarn.client.TarnClient;

/** The client over names and extents, in whichever process those are. */
public final class SessionClient implements TarnClient {
    private final Administration administration;
    private final ShardObjectStore objects;
    private final ChangeFeed changes;
    private final ShardInodes inodes;
    private final ShardLocks locks;
    private final ShardLeases leases;
    private final VolumeWriters writers;

    /**
     * A client of one session.
     *
     * @param waiters hears of granted locks from the shards
     */
    public SessionClient(
            final Administration administration,
            final Names names,
            final ChangeFeed changes,
            final VolumeWriters writers,
            final BlockReader blocks,
            final LockWaiters waiters) {
        this.administration = administration;
        this.writers = writers;
        this.objects = new ShardObjectStore(names, writers, blocks);
        this.changes = changes;
        this.inodes = new ShardInodes(names, writers, blocks, new WriteBack(WriteBack.Limits.DEFAULT));
        this.locks = new ShardLocks(names, waiters);
        this.leases = new ShardLeases(names);
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
    public ChangeFeed changes() {
        return changes;
    }

    @Override
    public void close() {
        writers.close();
    }
}
