package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.AcquireLease;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.LeaseHolder;
import io.tarn.core.namespace.wire.LeaseRecord;
import io.tarn.core.namespace.wire.ReleaseLease;
import io.tarn.core.namespace.wire.RenewLeases;
import io.tarn.core.namespace.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The right of one writer at a time to a file, as HDFS clients have it. A holder (a client of a session) renews all its leases by one
 * command; one that has not renewed within the soft limit may be replaced by whoever asks, and by force at any time. Each holder's
 * lease has an epoch of its own: what a writer commits under the epoch of a lease it has lost is refused, so it cannot damage what its
 * successor writes. Time is the log entry's.
 */
final class LeaseCommands {
    static final int HOLDER_MAX_BYTES = 1024;
    /** Leases of one holder. */
    static final int LEASES_MAX = 65_536;

    private final Transaction transaction;

    LeaseCommands(final Transaction transaction) {
        this.transaction = transaction;
    }

    private Optional<LeaseRecord> lease(final long inode) {
        return Records.get(transaction.store, Families.LEASE, Keys.of(inode), LeaseRecord.parser());
    }

    private static byte[] holderKey(final long session, final ByteString holder) {
        return Keys.name(session, holder.toByteArray());
    }

    private Optional<LeaseHolder> holder(final byte[] key) {
        return Records.get(transaction.store, Families.LEASE_HOLDER, key, LeaseHolder.parser());
    }

    /** Refuses what is written under a lease that has gone to somebody else; epoch 0 claims none. */
    void requireCurrent(final long inode, final long epoch) {
        if (epoch != 0
                && lease(inode).filter(found -> found.getEpoch() == epoch).isEmpty()) {
            throw new StorageException(Failure.LOCKED, "the lease on the file has passed to another writer");
        }
    }

    Reply acquire(final AcquireLease command, final long session) {
        final Inode inode = Records.inode(transaction.store, command.getInode())
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the file is gone"));
        if (inode.getType() != FileType.REGULAR) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "leases are on regular files");
        }
        if (command.getHolder().isEmpty() || command.getHolder().size() > HOLDER_MAX_BYTES) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "a holder has a name of bounded length");
        }
        final Optional<LeaseRecord> before = lease(command.getInode());
        if (before.isPresent()) {
            final LeaseRecord held = before.get();
            final boolean own = held.getSession() == session && held.getHolder().equals(command.getHolder());
            if (!own && !command.getForce() && isLive(held, command.getSoftLimitNanos())) {
                throw new StorageException(Failure.LOCKED, "the file is being written by somebody else");
            }
            count(holderKey(held.getSession(), held.getHolder()), -1);
        }
        final byte[] key = holderKey(session, command.getHolder());
        final LeaseHolder holder = holder(key).orElse(LeaseHolder.getDefaultInstance());
        if (holder.getFiles() >= LEASES_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "a holder has at most " + LEASES_MAX + " leases");
        }
        transaction.put(
                Families.LEASE_HOLDER,
                key,
                holder.toBuilder()
                        .setRenewedNanos(transaction.now())
                        .setFiles(holder.getFiles() + 1)
                        .build());
        final long epoch = transaction.nextGeneration();
        transaction.put(
                Families.LEASE,
                Keys.of(command.getInode()),
                LeaseRecord.newBuilder()
                        .setSession(session)
                        .setHolder(command.getHolder())
                        .setEpoch(epoch)
                        .setAcquiredNanos(transaction.now())
                        .build());
        return Replies.of(IdReply.newBuilder()
                .setId(epoch)
                .setTimeNanos(transaction.now())
                .build());
    }

    private boolean isLive(final LeaseRecord lease, final long softLimitNanos) {
        return holder(holderKey(lease.getSession(), lease.getHolder()))
                .filter(holder -> transaction.now() - holder.getRenewedNanos() <= softLimitNanos)
                .isPresent();
    }

    /** A holder has a lease more or less; without any it is forgotten. */
    private void count(final byte[] key, final int by) {
        holder(key).ifPresent(holder -> {
            if (holder.getFiles() + by == 0) {
                transaction.store.delete(Families.LEASE_HOLDER, key);
            } else {
                transaction.put(
                        Families.LEASE_HOLDER,
                        key,
                        holder.toBuilder().setFiles(holder.getFiles() + by).build());
            }
        });
    }

    Reply renew(final RenewLeases command, final long session) {
        final byte[] key = holderKey(session, command.getHolder());
        final LeaseHolder holder =
                holder(key).orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the holder has no lease"));
        transaction.put(
                Families.LEASE_HOLDER,
                key,
                holder.toBuilder().setRenewedNanos(transaction.now()).build());
        return Replies.DONE;
    }

    /** Gives a lease back; one that has passed on is not this holder's to give. */
    Reply release(final ReleaseLease command) {
        final LeaseRecord held = lease(command.getInode())
                .filter(found -> found.getEpoch() == command.getEpoch())
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no such lease"));
        transaction.store.delete(Families.LEASE, Keys.of(command.getInode()));
        count(holderKey(held.getSession(), held.getHolder()), -1);
        return Replies.DONE;
    }

    /** An inode goes, and its lease with it. */
    static void drop(final Transaction transaction, final long inode) {
        final LeaseCommands leases = new LeaseCommands(transaction);
        leases.lease(inode).ifPresent(held -> {
            transaction.store.delete(Families.LEASE, Keys.of(inode));
            leases.count(holderKey(held.getSession(), held.getHolder()), -1);
        });
    }

    /** The session's holders are dead at once: anybody may take their leases over. */
    int endSession(final long session, final int max) {
        final byte[] prefix = Keys.of(session);
        final List<byte[]> gone = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.LEASE_HOLDER, prefix, Keys.after(prefix))) {
            for (; cursor.valid() && gone.size() < max; cursor.next()) {
                gone.add(cursor.key());
            }
        }
        gone.forEach(key -> transaction.store.delete(Families.LEASE_HOLDER, key));
        return gone.size();
    }
}
