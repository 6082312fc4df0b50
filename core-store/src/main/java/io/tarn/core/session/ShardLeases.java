package io.tarn.core.session;

import io.tarn.client.Key;
import io.tarn.client.Leases;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.NodeQueries.LeaseState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Leases over the shards: one log entry to take, renew or give one back. */
final class ShardLeases implements Leases {
    private static final int LIST_MAX = 1000;

    private final Names names;

    ShardLeases(final Names names) {
        this.names = names;
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
        final long epoch = names.callAt(inode, NodeProposals.acquireLease(inode, holder, softLimitNanos, force))
                .getId()
                .getId();
        return new Lease(inode, holder, epoch);
    }

    @Override
    public void renew(final Key holder) {
        StorageException missing = null;
        int renewed = 0;
        for (final int shard : names.shards()) {
            try {
                names.callAt(Names.firstIn(shard), NodeProposals.renewLeases(holder));
                renewed++;
            } catch (final StorageException none) {
                if (none.failure() != Failure.NOT_FOUND) {
                    throw none;
                }
                missing = none;
            }
        }
        if (renewed == 0 && missing != null) {
            throw missing;
        }
    }

    @Override
    public void release(final Lease lease) {
        names.callAt(lease.inode(), NodeProposals.releaseLease(lease.inode(), lease.epoch()));
    }

    @Override
    public Optional<Held> holder(final long inode) {
        return names.queryAt(inode, queries -> queries.nodes().lease(inode)).map(this::held);
    }

    private Held held(final LeaseState state) {
        return new Held(
                state.inode(),
                Key.of(state.lease().getHolder().toByteArray()),
                state.lease().getSession() == names.sessionAt(state.inode()),
                state.renewedNanos());
    }

    @Override
    public List<Held> list(final long afterInode, final int limit) {
        if (limit < 1 || limit > LIST_MAX) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "a page has 1 to " + LIST_MAX + " leases");
        }
        // The shard stands first in an inode's number, so theirs follow each other.
        final List<Held> leases = new ArrayList<>();
        for (final int shard : names.shards()) {
            if (leases.size() < limit) {
                names.queryAt(Names.firstIn(shard), queries -> queries.nodes()
                                .leases(afterInode, limit - leases.size()))
                        .forEach(state -> leases.add(held(state)));
            }
        }
        return leases;
    }
}
