package io.tarn.core.session;

import io.tarn.client.Key;
import io.tarn.client.Leases;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.NodeQueries.LeaseState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Leases over the shards: one log entry to take, renew or give one back. */
final class ShardLeases implements Leases {
    private static final int LIST_MAX = 1000;

    private final ShardMap shards;
    private final ShardSession home;

    /** @param home the shard whose leases are listed and renewed */
    ShardLeases(final ShardMap shards, final ShardSession home) {
        this.shards = shards;
        this.home = home;
    }

    @Override
    public Lease acquire(final long inode, final Key holder, final Duration softLimit) {
        return acquire(inode, holder, softLimit.toNanos(), false);
    }

    @Override
    public Lease takeOver(final long inode, final Key holder) {
        return acquire(inode, holder, 0, true);
    }

    private Lease acquire(final long inode, final Key holder, final long softLimitNanos, final boolean force) {
        final long epoch = ShardInodes.shardOf(shards, inode)
                .call(NodeProposals.acquireLease(inode, holder, softLimitNanos, force))
                .getId()
                .getId();
        return new Lease(inode, holder, epoch);
    }

    @Override
    public void renew(final Key holder) {
        home.call(NodeProposals.renewLeases(holder));
    }

    @Override
    public void release(final Lease lease) {
        ShardInodes.shardOf(shards, lease.inode()).call(NodeProposals.releaseLease(lease.inode(), lease.epoch()));
    }

    @Override
    public Optional<Held> holder(final long inode) {
        return ShardInodes.shardOf(shards, inode)
                .query(queries -> queries.nodes().lease(inode))
                .map(this::held);
    }

    private Held held(final LeaseState state) {
        return new Held(
                state.inode(),
                Key.of(state.lease().getHolder().toByteArray()),
                state.lease().getSession() == home.session(),
                state.renewedNanos());
    }

    @Override
    public List<Held> list(final long afterInode, final int limit) {
        if (limit < 1 || limit > LIST_MAX) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "a page has 1 to " + LIST_MAX + " leases");
        }
        return home.query(queries -> queries.nodes().leases(afterInode, limit)).stream()
                .map(this::held)
                .toList();
    }
}
