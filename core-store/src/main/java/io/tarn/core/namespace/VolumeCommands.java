package io.tarn.core.namespace;

import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.AttachVolume;
import io.tarn.core.namespace.wire.CreateRoot;
import io.tarn.core.namespace.wire.DropVolume;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.QuotaRecord;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SetTenantQuota;
import io.tarn.core.namespace.wire.SetVolumePolicy;
import io.tarn.core.namespace.wire.VolumeRecord;

/** Volumes as a shard knows them: root, policy, limits. Names and owners are the control group's. Every command is idempotent. */
final class VolumeCommands {
    private final Transaction transaction;
    private final Directories directories;
    private final FeedCommands feeds;
    private final DelegationCommands delegations;

    VolumeCommands(
            final Transaction transaction,
            final Directories directories,
            final FeedCommands feeds,
            final DelegationCommands delegations) {
        this.transaction = transaction;
        this.directories = directories;
        this.feeds = feeds;
        this.delegations = delegations;
    }

    Reply createRoot(final CreateRoot command) {
        final long existing = Records.volume(transaction.store, command.getVolume())
                .map(VolumeRecord::getRoot)
                .orElse(0L);
        if (existing != 0) {
            return Replies.of(IdReply.newBuilder().setId(existing).build());
        }
        requireKnown(command.getVersioning());
        final long root = transaction.nextInode();
        final VolumeRecord volume = VolumeRecord.newBuilder()
                .setRoot(root)
                .setTenant(command.getTenant())
                .setVersioning(command.getVersioning())
                .setQuotaBytes(command.getQuotaBytes())
                .setQuotaInodes(command.getQuotaInodes())
                .setSpans(command.getSpans())
                .build();
        transaction.put(Families.VOLUME, Keys.of(command.getVolume()), volume);
        feeds.createVolume(command.getVolume());
        directories.createRoot(command.getVolume(), root, command.getUid(), command.getGid(), command.getMode());
        return Replies.of(
                IdReply.newBuilder().setId(root).setTimeNanos(transaction.now()).build());
    }

    /** Makes a volume known whose root is in another shard. */
    Reply attach(final AttachVolume command) {
        if (transaction.owns(command.getRoot())) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the root is of this shard");
        }
        requireKnown(command.getVersioning());
        if (Records.volume(transaction.store, command.getVolume()).isEmpty()) {
            transaction.put(
                    Families.VOLUME,
                    Keys.of(command.getVolume()),
                    VolumeRecord.newBuilder()
                            .setRoot(command.getRoot())
                            .setTenant(command.getTenant())
                            .setVersioning(command.getVersioning())
                            .setQuotaBytes(command.getQuotaBytes())
                            .setQuotaInodes(command.getQuotaInodes())
                            .setSpans(true)
                            .build());
            feeds.createVolume(command.getVolume());
        }
        return Replies.DONE;
    }

    Reply setPolicy(final SetVolumePolicy command) {
        final VolumeRecord volume = transaction.volume(command.getVolume());
        if (requireKnown(command.getVersioning()) == Versioning.OFF
                && VersioningCodes.of(volume.getVersioning()) != Versioning.OFF) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "versioning can be suspended, not taken back");
        }
        if (command.getVersioning() != volume.getVersioning() || (command.getSpans() && !volume.getSpans())) {
            delegations.requireNone(command.getVolume(), transaction.shard());
        }
        transaction.put(
                Families.VOLUME,
                Keys.of(command.getVolume()),
                volume.toBuilder()
                        .setSpans(volume.getSpans() || command.getSpans())
                        .setVersioning(command.getVersioning())
                        .setQuotaBytes(command.getQuotaBytes())
                        .setQuotaInodes(command.getQuotaInodes())
                        .build());
        return Replies.DONE;
    }

    private static Versioning requireKnown(final int code) {
        if (!VersioningCodes.isKnown(code)) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "unknown versioning " + code);
        }
        return VersioningCodes.of(code);
    }

    Reply setTenantQuota(final SetTenantQuota command) {
        transaction.put(
                Families.TENANT,
                Accounts.tenantKey(command.getTenant()),
                QuotaRecord.newBuilder()
                        .setBytes(command.getBytes())
                        .setInodes(command.getInodes())
                        .build());
        return Replies.DONE;
    }

    /** Drops an empty volume; its extents go when they are clean, its events and answered completions in steps. */
    Reply drop(final DropVolume command) {
        final VolumeRecord volume =
                Records.volume(transaction.store, command.getVolume()).orElse(null);
        if (volume == null) {
            return Replies.DONE;
        }
        requireNoUploads(command.getVolume());
        delegations.requireNone(command.getVolume(), transaction.shard());
        // What one of several shards counts says nothing by itself.
        final long left =
                Accounts.volumeUsage(transaction.store, command.getVolume()).getInodes();
        if (!volume.getSpans() && left > 0 && directories.isEmpty(volume.getRoot())) {
            throw new StorageException(Failure.NOT_EMPTY, "files of the volume are open, without a name");
        }
        if (transaction.owns(volume.getRoot())) {
            if (!directories.isEmpty(volume.getRoot())) {
                throw new StorageException(Failure.NOT_EMPTY, "the volume is not empty");
            }
            NodeCommands.dropXattrs(transaction, volume.getRoot());
            transaction.store.delete(Families.INODE, Keys.of(volume.getRoot()));
        }
        transaction.store.delete(Families.VOLUME, Keys.of(command.getVolume()));
        transaction.store.delete(Families.USAGE, Keys.of(command.getVolume()));
        feeds.dropVolume(command.getVolume());
        return Replies.DONE;
    }

    private void requireNoUploads(final long volume) {
        final byte[] prefix = Keys.of(volume);
        try (Cursor cursor = transaction.store.scan(Families.UPLOAD, prefix, Keys.after(prefix))) {
            if (cursor.valid()) {
                throw new StorageException(Failure.NOT_EMPTY, "the volume has unfinished uploads");
            }
        }
    }
}
