package io.tarn.core.service;

import io.tarn.client.Volume;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.session.Names;
import io.tarn.core.session.ShardMap;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Whose is what: a volume is its tenant's, and what belongs to it with it. The root tenant has the right to everything.
 *
 * <p>Cost: nothing for the root tenant's ids but their existence; for others one point read for an id that the session has not used
 * lately. Thread-safe.
 */
final class Rights {
    private final LongFunction<Optional<Volume>> volumes;
    private final ShardMap shards;

    Rights(final LongFunction<Optional<Volume>> volumes, final ShardMap shards) {
        this.volumes = volumes;
        this.shards = shards;
    }

    /** @throws StorageException {@code NOT_FOUND}, or {@code PERMISSION_DENIED} for another tenant's */
    void requireVolume(final ClientSession session, final long volume) {
        final Volume found =
                volumes.apply(volume).orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no volume " + volume));
        require(session, found);
    }

    static void require(final ClientSession session, final Volume volume) {
        if (!session.principal().root()
                && !volume.tenant().equals(session.principal().tenant())) {
            throw new StorageException(Failure.PERMISSION_DENIED, "the volume belongs to another tenant");
        }
    }

    /**
     * Whether there is such an inode, or content that is being given up.
     *
     * @throws StorageException {@code PERMISSION_DENIED} for another tenant's
     */
    boolean mayUse(final ClientSession session, final long inode) {
        if (session.inodes().contains(inode)) {
            return true;
        }
        final Optional<Long> volume = volumeOf(inode);
        if (volume.isEmpty()) {
            return false;
        }
        requireVolume(session, volume.get());
        session.inodes().add(inode);
        return true;
    }

    /** Without a look at intents: what volume an inode is in no commit changes. */
    Optional<Long> volumeOf(final long inode) {
        return shards.number(Names.shardOf(inode)).shard().read(store -> new NamespaceQueries(store).volumeOf(inode));
    }

    void requireInode(final ClientSession session, final long inode) {
        if (!mayUse(session, inode)) {
            throw new StorageException(Failure.NOT_FOUND, "the inode is gone");
        }
    }

    Optional<ExtentRecord> extent(final long extent) {
        return shards.number(Names.shardOf(extent)).shard().read(store -> new NamespaceQueries(store).extent(extent));
    }

    /** The kept reply of a command of the session's own. */
    Optional<byte[]> reply(final ClientSession session, final int shard, final long sequence) {
        return shards.number(shard).shard().read(store -> new NamespaceQueries(store).reply(session.id(), sequence));
    }

    /** For reading. */
    void requireExtent(final ClientSession session, final long extent) {
        if (session.extents().contains(extent)) {
            return;
        }
        requireVolume(session, extent(extent).orElseThrow(() -> gone(extent)).getVolume());
        session.extents().add(extent);
    }

    /** For writing: of this session, at this epoch. */
    void requireWriter(final ClientSession session, final long extent, final long epoch) {
        final ExtentRecord record = extent(extent).orElseThrow(() -> gone(extent));
        requireVolume(session, record.getVolume());
        if (record.getSession() != session.id() || record.getEpoch() != epoch) {
            throw new StorageException(Failure.CONFLICT, "the extent has another writer, or none");
        }
    }

    private static StorageException gone(final long extent) {
        return new StorageException(Failure.NOT_FOUND, "no extent %x".formatted(extent));
    }
}
