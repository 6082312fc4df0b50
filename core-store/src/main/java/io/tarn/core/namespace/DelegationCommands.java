package io.tarn.core.namespace;

import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.AcquireDelegation;
import io.tarn.core.namespace.wire.DelegationRecord;
import io.tarn.core.namespace.wire.DelegationReply;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.QuotaRecord;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.ReserveInodes;
import io.tarn.core.namespace.wire.ReservedInodes;
import io.tarn.core.namespace.wire.UsageRecord;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.List;
import java.util.Optional;

/** Directories that a session holds, and inodes that are set aside for it to make there. Both end with the session. */
final class DelegationCommands {
    /** Directories that one session may hold. */
    static final int HELD_MAX = 65_536;
    /** Inodes that one command sets aside. */
    static final int RESERVE_MAX = 65_536;
    /** Ranges of inodes that one session may have unused. */
    static final int RANGES_MAX = 16;
    /** What has to be left of a quota, for holders learn too late that there is none. */
    static final long BYTES_LEFT_MIN = 256L << 20;

    static final long INODES_LEFT_MIN = 65_536;

    private final Transaction transaction;
    private final Feed feed;

    DelegationCommands(final Transaction transaction, final Feed feed) {
        this.transaction = transaction;
        this.feed = feed;
    }

    Reply acquire(final AcquireDelegation command, final long session) {
        final long id = command.getDirectory();
        // Whoever asks does not want it taken from another.
        final Optional<DelegationRecord> held = Delegations.of(transaction.store, id);
        if (held.isPresent() && held.get().getSession() != session) {
            return refused("another client holds it");
        }
        final Inode directory = Records.inode(transaction.store, id)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the directory is gone"));
        if (directory.getType() != FileType.DIRECTORY) {
            throw new StorageException(Failure.NOT_A_DIRECTORY, "not a directory");
        }
        final Optional<String> obstacle = obstacle(directory, session);
        if (obstacle.isPresent()) {
            return refused(obstacle.get());
        }
        if (held.isEmpty()) {
            grant(id, directory.getVolume(), session);
            feed.inode(EventType.DELEGATED, id, directory);
        }
        return Replies.of(DelegationReply.newBuilder()
                .setGranted(true)
                .setAttributes(directory)
                .build());
    }

    /** Holds a directory that the session has just made, where that can be; says whether it is held. */
    boolean acquireNewborn(final long id, final long session) {
        final Inode directory = transaction.inode(id);
        if (!transaction.owns(id) || obstacle(directory, session).isPresent()) {
            return false;
        }
        grant(id, directory.getVolume(), session);
        return true;
    }

    private void grant(final long id, final long volume, final long session) {
        Delegations.grant(
                transaction.store,
                id,
                DelegationRecord.newBuilder()
                        .setSession(session)
                        .setVolume(volume)
                        .setGrantedNanos(transaction.now())
                        .build());
        transaction.store.delegationsChanged();
    }

    private static Reply refused(final String reason) {
        return Replies.of(DelegationReply.newBuilder().setReason(reason).build());
    }

    private Optional<String> obstacle(final Inode directory, final long session) {
        final VolumeRecord volume = transaction.volume(directory.getVolume());
        if (VersioningCodes.of(volume.getVersioning()) != Versioning.OFF || volume.getSpans()) {
            return Optional.of("the volume keeps versions or spans shards");
        }
        if (!directory.getExplicit() || directory.getHidden()) {
            return Optional.of("the directory is only implied");
        }
        if (!isRoomy(directory.getVolume(), volume)) {
            return Optional.of("the quota is nearly used up");
        }
        return Delegations.heldBy(transaction.store, session, HELD_MAX).size() >= HELD_MAX
                ? Optional.of("the session holds enough")
                : Optional.empty();
    }

    private boolean isRoomy(final long id, final VolumeRecord volume) {
        final Optional<QuotaRecord> tenant = Records.get(
                transaction.store, Families.TENANT, Accounts.tenantKey(volume.getTenant()), QuotaRecord.parser());
        return leaves(
                        Accounts.volumeUsage(transaction.store, id),
                        new Quota(volume.getQuotaBytes(), volume.getQuotaInodes()))
                && tenant.map(quota -> leaves(
                                Accounts.tenantUsage(transaction.store, volume.getTenant()),
                                new Quota(quota.getBytes(), quota.getInodes())))
                        .orElse(true);
    }

    private static boolean leaves(final UsageRecord usage, final Quota quota) {
        return quota.bytes() - usage.getBytes() >= BYTES_LEFT_MIN
                && quota.inodes() - usage.getInodes() >= INODES_LEFT_MIN;
    }

    /** Gives directories back; those that the session does not hold are not missed: they have gone, or were given back before. */
    void giveBack(final List<Long> directories, final long session) {
        for (final long id : directories) {
            if (Delegations.of(transaction.store, id)
                    .filter(held -> held.getSession() == session)
                    .isPresent()) {
                Delegations.end(transaction.store, id);
            }
        }
        transaction.store.delegationsChanged();
    }

    /** The directory is gone. */
    static void drop(final Transaction transaction, final long id) {
        if (transaction.owns(id)) {
            Delegations.end(transaction.store, id);
        }
    }

    Reply reserve(final ReserveInodes command, final long session) {
        if (command.getCount() < 1 || command.getCount() > RESERVE_MAX) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "not a number of inodes to set aside");
        }
        if (ranges(session) >= RANGES_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "the session has inodes enough set aside");
        }
        final long first = transaction.nextInodes(command.getCount());
        transaction.put(
                Families.RESERVED,
                Keys.of(session, first),
                ReservedInodes.newBuilder()
                        .setNext(first)
                        .setEnd(first + command.getCount())
                        .build());
        return Replies.of(IdReply.newBuilder()
                .setId(first)
                .setTimeNanos(transaction.now())
                .build());
    }

    private int ranges(final long session) {
        int count = 0;
        final byte[] prefix = Keys.of(session);
        try (Cursor cursor = transaction.store.scan(Families.RESERVED, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                count++;
            }
        }
        return count;
    }

    /** Takes an inode that was set aside for the session; those before it are not to be had any more. */
    static void take(final Transaction transaction, final long id, final long session) {
        final byte[] prefix = Keys.of(session);
        try (Cursor cursor = transaction.store.scan(Families.RESERVED, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                final ReservedInodes range = Records.parse(ReservedInodes.parser(), cursor.value());
                if (range.getNext() <= id && id < range.getEnd()) {
                    use(transaction, cursor.key(), range, id);
                    return;
                }
            }
        }
        throw new StorageException(Failure.INVALID_ARGUMENT, "the inode is not set aside for the session");
    }

    private static void use(
            final Transaction transaction, final byte[] key, final ReservedInodes range, final long id) {
        if (id + 1 == range.getEnd()) {
            transaction.store.delete(Families.RESERVED, key);
        } else {
            transaction.put(
                    Families.RESERVED, key, range.toBuilder().setNext(id + 1).build());
        }
    }

    /** Gives up to {@code rowsMax} rows of a session that is over up; returns how many there were. */
    int endSession(final long session, final int rowsMax) {
        int rows = 0;
        for (final long id : Delegations.heldBy(transaction.store, session, rowsMax)) {
            Delegations.end(transaction.store, id);
            rows++;
        }
        transaction.store.delegationsChanged();
        if (rows < rowsMax) {
            final byte[] prefix = Keys.of(session);
            transaction.store.deleteRange(Families.RESERVED, prefix, Keys.after(prefix));
        }
        return rows;
    }

    /** A volume is about to change in a way that no delegation outlives. */
    void requireNone(final long volume, final int shard) {
        if (!Delegations.any(transaction.store)) {
            return;
        }
        try (Cursor cursor = transaction.store.scan(Families.DELEGATION, new byte[0], new byte[0])) {
            for (; cursor.valid(); cursor.next()) {
                final DelegationRecord delegation = Records.parse(DelegationRecord.parser(), cursor.value());
                if (delegation.getVolume() == volume) {
                    throw DelegationGuard.visited(shard, Keys.lastLong(cursor.key()), delegation);
                }
            }
        }
    }
}
