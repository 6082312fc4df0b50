package io.tarn.core.session;

import io.tarn.client.Administration;
import io.tarn.client.Caller;
import io.tarn.client.ChangeFeed;
import io.tarn.client.Delegations;
import io.tarn.client.Inodes;
import io.tarn.client.Leases;
import io.tarn.client.Locks;
import io.tarn.client.ObjectStore;
import io.tarn.client.TarnClient;
import java.time.InstantSource;

/** The client over names and extents, in whichever process those are. */
public final class SessionClient implements TarnClient {
    private final Administration administration;
    private final ShardObjectStore objects;
    private final ChangeFeed changes;
    private final OpenTable open;
    private final ShardInodes inodes;
    private final ShardLocks locks;
    private final ShardLeases leases;
    private final VolumeWriters writers;
    private final Holder holder;
    private volatile boolean closed;

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
        this.holder = new Holder(names, writers);
        final Names settled = new SettledNames(holder);
        final PromisedChanges promises = new PromisedChanges(holder, InstantSource.system());
        this.objects = new ShardObjectStore(settled, writers, blocks);
        this.changes = changes;
        this.open = new OpenTable(
                settled, writers, blocks, new WriteBack(WriteBack.Limits.DEFAULT), promises, System::nanoTime);
        holder.serve(open);
        this.inodes = new ShardInodes(settled, holder, promises, open, Caller.UNKNOWN);
        this.locks = new ShardLocks(settled, waiters);
        this.leases = new ShardLeases(settled);
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
    public Delegations delegations() {
        return holder;
    }

    /** Another client wants a directory that this one has for itself. Does not block. */
    public void recall(final long directory) {
        holder.recall(directory);
    }

    @Override
    public ChangeFeed changes() {
        return changes;
    }

    /**
     * Tells the shards of files that this client has had open for reading for a while. To be called every second or so.
     *
     * @param nowNanos of {@link System#nanoTime}
     * @return whether there is more to tell
     */
    public boolean round(final long nowNanos) {
        return !closed && open.round(nowNanos);
    }

    /**
     * Seals extents that this client has not written to for a while. To be called every second or so; blocks.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    public void tickWriters(final long nowNanos) {
        writers.tick(nowNanos);
    }

    /** Volumes that this client writes to. */
    public int writtenVolumes() {
        return writers.volumes();
    }

    /**
     * Tells the shards of all files open for reading: they stay open for as long as the session, when this client goes. What it has for
     * itself it gives back.
     */
    public void holdReaders() {
        holder.leaveAll();
        open.holdAll();
    }

    /** Files open for reading that hold space back until the shards are told of them. */
    public int pinnedFiles() {
        return open.anchored();
    }

    /** Files open for reading that the shards were told of. */
    public long heldFiles() {
        return open.told();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        holder.close();
        open.close();
        writers.close();
    }
}
