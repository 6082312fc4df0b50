package io.tarn.core.namespace;

import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.CreateRoot;
import io.tarn.core.namespace.wire.DropVolume;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.QuotaRecord;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SetTenantQuota;
import io.tarn.core.namespace.wire.SetVolumePolicy;
import io.tarn.core.namespace.wire.TrimFeed;
import io.tarn.core.namespace.wire.UploadRecord;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.List;

/** Volumes as a shard knows them: root, policy, limits. Names and owners are the control group's. Every command is idempotent. */
final class VolumeCommands {
    static final int TRIM_EVENTS_MAX = 10_000;

    private final Transaction transaction;
    private final Directories directories;

    VolumeCommands(final Transaction transaction, final Directories directories) {
        this.transaction = transaction;
        this.directories = directories;
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
                .build();
        transaction.put(Families.VOLUME, Keys.of(command.getVolume()), volume);
        directories.createRoot(command.getVolume(), root, command.getUid(), command.getGid(), command.getMode());
        return Replies.of(
                IdReply.newBuilder().setId(root).setTimeNanos(transaction.now()).build());
    }

    Reply setPolicy(final SetVolumePolicy command) {
        final VolumeRecord volume = transaction.volume(command.getVolume());
        if (requireKnown(command.getVersioning()) == Versioning.OFF
                && VersioningCodes.of(volume.getVersioning()) != Versioning.OFF) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "versioning can be suspended, not taken back");
        }
        transaction.put(
                Families.VOLUME,
                Keys.of(command.getVolume()),
                volume.toBuilder()
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

    /** Drops an empty volume; its extents lose their volume and go when they are clean. */
    Reply drop(final DropVolume command) {
        final VolumeRecord volume =
                Records.volume(transaction.store, command.getVolume()).orElse(null);
        if (volume == null) {
            return Replies.DONE;
        }
        final List<byte[]> answered = completedUploads(command.getVolume());
        if (!directories.isEmpty(volume.getRoot())) {
            throw new StorageException(Failure.NOT_EMPTY, "the volume is not empty");
        }
        if (Accounts.volumeUsage(transaction.store, command.getVolume()).getInodes() > 0) {
            throw new StorageException(Failure.NOT_EMPTY, "files of the volume are open, without a name");
        }
        NodeCommands.dropXattrs(transaction, volume.getRoot());
        answered.forEach(key -> transaction.store.delete(Families.UPLOAD, key));
        transaction.store.delete(Families.INODE, Keys.of(volume.getRoot()));
        transaction.store.delete(Families.VOLUME, Keys.of(command.getVolume()));
        transaction.store.delete(Families.USAGE, Keys.of(command.getVolume()));
        return Replies.DONE;
    }

    private List<byte[]> completedUploads(final long volume) {
        final byte[] prefix = Keys.of(volume);
        final List<byte[]> completed = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.UPLOAD, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                if (!Records.parse(UploadRecord.parser(), cursor.value()).hasCompleted()) {
                    throw new StorageException(Failure.NOT_EMPTY, "the volume has unfinished uploads");
                }
                completed.add(cursor.key());
            }
        }
        return completed;
    }

    Reply trimFeed(final TrimFeed command) {
        trim(command.getVolume(), command.getBelow());
        return Replies.DONE;
    }

    /** At most {@link #TRIM_EVENTS_MAX} events at a time, so that no log entry takes long. */
    private void trim(final long volume, final long below) {
        final List<byte[]> old = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.FEED, Keys.of(volume), Keys.of(volume, below))) {
            for (; cursor.valid() && old.size() < TRIM_EVENTS_MAX; cursor.next()) {
                old.add(cursor.key());
            }
        }
        old.forEach(key -> transaction.store.delete(Families.FEED, key));
    }
}
