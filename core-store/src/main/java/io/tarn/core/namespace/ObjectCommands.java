package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Versioning;
import io.tarn.core.namespace.wire.DeleteObject;
import io.tarn.core.namespace.wire.DeletedReply;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.ObjectAttributes;
import io.tarn.core.namespace.wire.ObjectReply;
import io.tarn.core.namespace.wire.PutObject;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.VersionEntry;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whole files by key, and their versions. The current version of a name is its dentry; older versions and delete markers are rows of the
 * version family, newest first. A name without dentry whose newest row is a delete marker is deleted.
 */
final class ObjectCommands {
    private static final int FILE_MODE = 0644;

    private final Transaction transaction;
    private final Directories directories;
    private final Contents contents;
    private final Accounts accounts;
    private final Feed feed;
    private final OldVersions old;

    ObjectCommands(
            final Transaction transaction,
            final Directories directories,
            final Contents contents,
            final Accounts accounts,
            final Feed feed) {
        this.transaction = transaction;
        this.directories = directories;
        this.contents = contents;
        this.accounts = accounts;
        this.feed = feed;
        this.old = new OldVersions(transaction);
    }

    private static Versioning versioning(final VolumeRecord volume) {
        return VersioningCodes.of(volume.getVersioning());
    }

    Reply put(final PutObject command, final long session) {
        final VolumeRecord volume = transaction.volume(command.getVolume());
        return Replies.of(install(
                command.getVolume(),
                volume,
                command.getKey(),
                command.getUid(),
                command.getGid(),
                command.getObject(),
                current -> Preconditions.check(command.getPrecondition(), current),
                (id, inode) -> contents.attach(id, inode, command.getContent(), session)));
    }

    /** Gives a new inode its content. */
    @FunctionalInterface
    interface Filling {
        Inode.Builder fill(long id, Inode.Builder inode);
    }

    @FunctionalInterface
    interface Condition {
        void check(Optional<Inode> current);
    }

    /** Makes a new inode the current version of a key; what was current is dropped or kept as the volume says. */
    ObjectReply install(
            final long volumeId,
            final VolumeRecord volume,
            final ByteString key,
            final int uid,
            final int gid,
            final ObjectAttributes object,
            final Condition condition,
            final Filling filling) {
        final Path path = Path.of(key.toByteArray());
        final long parent = directories.make(volumeId, volume, path, uid, gid);
        final Optional<Dentry> existing = Records.file(transaction.store, parent, path.name());
        condition.check(existing.map(entry -> transaction.inode(entry.getInode())));

        final long id = transaction.nextInode();
        final long order = transaction.nextGeneration();
        final Inode inode = filling.fill(
                        id,
                        Inode.newBuilder()
                                .setType(FileType.REGULAR)
                                .setVolume(volumeId)
                                .setMode(FILE_MODE)
                                .setUid(uid)
                                .setGid(gid)
                                .setNlink(1)
                                .setAtimeNanos(transaction.now())
                                .setMtimeNanos(transaction.now())
                                .setCtimeNanos(transaction.now())
                                .setBtimeNanos(transaction.now())
                                .setGeneration(order)
                                .setContentGeneration(order)
                                .setEtagGeneration(order)
                                .setVersionOrder(order)
                                .setNullVersion(versioning(volume) != Versioning.ENABLED)
                                .setHome(parent)
                                .setHomeName(ByteString.copyFrom(path.name()))
                                .setObject(object))
                .build();
        // The old content goes before the new is charged, so that overwriting at the quota works.
        existing.ifPresent(entry -> retire(parent, path.name(), entry.getInode(), volume));
        if (versioning(volume) == Versioning.SUSPENDED) {
            dropNullVersion(parent, path.name());
        }
        accounts.charge(volumeId, volume, inode.getSize(), 1);
        transaction.putInode(id, inode);
        directories.link(parent, path.name(), id, FileType.REGULAR);
        feed.filled(
                existing.isPresent() ? EventType.CONTENT : EventType.CREATED,
                volumeId,
                parent,
                path.name(),
                key,
                id,
                inode);
        return ObjectReply.newBuilder()
                .setKey(key)
                .setInode(id)
                .setAttributes(inode)
                .setVersioned(versioning(volume) != Versioning.OFF)
                .build();
    }

    /** What was current makes room for a new version: kept as an old version, or dropped. */
    private void retire(final long parent, final byte[] name, final long id, final VolumeRecord volume) {
        final Inode inode = transaction.inode(id);
        final boolean keep =
                switch (versioning(volume)) {
                    case OFF -> false;
                    case ENABLED -> true;
                    case SUSPENDED -> !inode.getNullVersion();
                };
        if (keep) {
            old.archive(parent, name, OldVersions.entryOf(id, inode));
        } else {
            destroy(id, inode);
        }
    }

    /** What bears a name makes room for another file that is moved there. */
    void replace(final VolumeRecord volume, final long parent, final byte[] name, final Optional<Dentry> existing) {
        existing.ifPresent(entry -> retire(parent, name, entry.getInode(), volume));
        if (versioning(volume) == Versioning.SUSPENDED) {
            dropNullVersion(parent, name);
        }
    }

    /** A new null version takes the place of an older one. */
    void makeRoomForNull(final long parent, final byte[] name, final Inode inode) {
        if (inode.getNullVersion()) {
            dropNullVersion(parent, name);
        }
    }

    /** Removes a file's name the way its volume's versioning says: kept as an old version under a delete marker, or dropped. */
    void unlink(
            final long volumeId,
            final VolumeRecord volume,
            final long parent,
            final byte[] name,
            final Dentry entry,
            final String owner) {
        final Inode inode = transaction.inode(entry.getInode());
        retire(parent, name, entry.getInode(), volume);
        leave(volumeId, volume, parent, name, owner);
        feed.named(EventType.REMOVED, volumeId, parent, name, entry.getInode(), inode);
        directories.settle(parent);
    }

    /** Takes the entry away; on a versioned volume a delete marker stands for it. */
    void leave(
            final long volumeId, final VolumeRecord volume, final long parent, final byte[] name, final String owner) {
        directories.unlink(parent, name);
        if (versioning(volume) != Versioning.OFF) {
            mark(volumeId, volume, parent, name, owner);
        }
    }

    /** A delete marker becomes the newest version of a name without entry. */
    VersionEntry mark(
            final long volumeId, final VolumeRecord volume, final long parent, final byte[] name, final String owner) {
        if (versioning(volume) == Versioning.SUSPENDED) {
            dropNullVersion(parent, name);
        }
        final VersionEntry marker = VersionEntry.newBuilder()
                .setOrder(transaction.nextGeneration())
                .setNullVersion(versioning(volume) == Versioning.SUSPENDED)
                .setTimeNanos(transaction.now())
                .setOwner(owner)
                .build();
        old.archive(parent, name, marker);
        feed.deleteMarker(volumeId, parent, name, Versions.text(marker.getNullVersion(), marker.getOrder()), owner);
        return marker;
    }

    /** Keeps an inode as an old version of a name. */
    void archive(final long parent, final byte[] name, final long id, final Inode inode) {
        old.archive(parent, name, OldVersions.entryOf(id, inode));
    }

    void dropNullVersion(final long parent, final byte[] name) {
        old.nullVersion(parent, name).ifPresent(entry -> {
            old.unarchive(parent, name, entry);
            if (entry.getInode() != 0) {
                destroy(entry.getInode(), transaction.inode(entry.getInode()));
            }
        });
    }

    /** One name less refers to the inode; the last one takes it and its bytes along, unless a session holds it open. */
    void destroy(final long id, final Inode inode) {
        if (inode.getNlink() > 1 || inode.getOpens() > 0) {
            transaction.putInode(
                    id,
                    inode.toBuilder()
                            .setNlink(inode.getNlink() - 1)
                            .setCtimeNanos(transaction.now())
                            .setGeneration(transaction.nextGeneration())
                            .build());
            return;
        }
        if (!transaction.owns(id)) {
            // Its bytes lie in its own shard, and are given back there.
            transaction.putInode(id, inode.toBuilder().setNlink(0).build());
            transaction.store.put(Families.ORPHAN, Keys.of(id), new byte[0]);
            return;
        }
        remove(id, inode);
    }

    void remove(final long id, final Inode inode) {
        contents.detach(id, inode);
        NodeCommands.dropXattrs(transaction, id);
        LeaseCommands.drop(transaction, id);
        transaction.store.delete(Families.INODE, Keys.of(id));
        final VolumeRecord volume = Records.volume(transaction.store, inode.getVolume())
                .orElseThrow(() -> new IllegalStateException("inode of a volume that is gone"));
        accounts.charge(inode.getVolume(), volume, -inode.getSize(), -1);
    }

    /** More or fewer sessions hold the inode open, for writing; without names and sessions it goes. */
    void held(final long id, final int opensBy, final int writersBy) {
        final Inode before = transaction.inode(id);
        final int writers = before.getWriters() + writersBy;
        final Inode after = before.toBuilder()
                .setOpens(before.getOpens() + opensBy)
                .setWriters(writers)
                .setEpisode(before.getEpisode() && writers > 0)
                .build();
        if (after.getOpens() == 0 && after.getNlink() == 0) {
            remove(id, after);
        } else {
            transaction.putInode(id, after);
        }
    }

    Reply delete(final DeleteObject command) {
        final VolumeRecord volume = transaction.volume(command.getVolume());
        final Path path = Path.of(command.getKey().toByteArray());
        return Replies.of(
                command.getVersion().isEmpty()
                        ? deleteCurrent(command, volume, path)
                        : deleteVersion(command, volume, path));
    }

    private DeletedReply deleteCurrent(final DeleteObject command, final VolumeRecord volume, final Path path) {
        final boolean versioned = versioning(volume) != Versioning.OFF;
        final Optional<Long> found = directories.find(volume, path);
        final Optional<Dentry> existing = found.flatMap(parent -> Records.file(transaction.store, parent, path.name()));
        Preconditions.check(command.getPrecondition(), existing.map(entry -> transaction.inode(entry.getInode())));
        if (!versioned) {
            found.ifPresent(parent -> {
                existing.ifPresent(
                        entry -> removeCurrent(command.getVolume(), parent, path.name(), entry.getInode(), volume));
                forgetExplicit(parent, path);
            });
            return DeletedReply.getDefaultInstance();
        }
        final long parent = directories.make(command.getVolume(), volume, path, 0, 0);
        existing.ifPresent(entry -> {
            retire(parent, path.name(), entry.getInode(), volume);
            directories.unlink(parent, path.name());
        });
        final VersionEntry marker = mark(command.getVolume(), volume, parent, path.name(), command.getOwner());
        forgetExplicit(parent, path);
        directories.settle(parent);
        final String version = Versions.text(marker.getNullVersion(), marker.getOrder());
        return DeletedReply.newBuilder()
                .setDeleteMarker(true)
                .setVersion(version)
                .build();
    }

    private void removeCurrent(
            final long volumeId, final long parent, final byte[] name, final long id, final VolumeRecord volume) {
        final Inode inode = transaction.inode(id);
        retire(parent, name, id, volume);
        directories.unlink(parent, name);
        feed.named(EventType.REMOVED, volumeId, parent, name, id, inode);
        directories.settle(parent);
    }

    /** Deleting {@code dir/} undoes a mkdir: the directory stays only while something is in it. */
    private void forgetExplicit(final long parent, final Path path) {
        if (path.name().length == 0 && !path.directories().isEmpty()) {
            Records.inode(transaction.store, parent)
                    .filter(Inode::getExplicit)
                    .ifPresent(inode -> directories.makeImplied(parent, inode));
        }
    }

    private DeletedReply deleteVersion(final DeleteObject command, final VolumeRecord volume, final Path path) {
        final Optional<Long> found = directories.find(volume, path);
        final Optional<Dentry> current = found.flatMap(parent -> Records.file(transaction.store, parent, path.name()));
        final boolean wantsNull = command.getVersion().equals(Versions.NULL);
        // Read before anything is looked up: text that is no version id fails whatever exists.
        final long order = wantsNull ? 0 : Versions.order(command.getVersion());
        final Predicate<Inode> isWanted = inode ->
                wantsNull ? inode.getNullVersion() : !inode.getNullVersion() && inode.getVersionOrder() == order;
        if (current.isPresent()) {
            final Inode inode = transaction.inode(current.get().getInode());
            if (isWanted.test(inode)) {
                Preconditions.check(command.getPrecondition(), Optional.of(inode));
                return deleteCurrentVersion(command, found.orElseThrow(), path.name(), current.get(), inode);
            }
        }
        final Optional<VersionEntry> doomed = found.flatMap(parent -> wantsNull
                ? old.nullVersion(parent, path.name())
                : old.find(parent, path.name(), order).filter(entry -> !entry.getNullVersion()));
        Preconditions.check(
                command.getPrecondition(),
                doomed.filter(entry -> entry.getInode() != 0).map(entry -> transaction.inode(entry.getInode())));
        doomed.ifPresentOrElse(
                entry -> deleteArchived(command, found.orElseThrow(), path.name(), entry, current),
                // A directory that somebody made is shown as a null version, and so it can be deleted.
                () -> found.filter(parent -> wantsNull && current.isEmpty())
                        .ifPresent(parent -> forgetExplicit(parent, path)));
        return DeletedReply.newBuilder()
                .setDeleteMarker(doomed.filter(entry -> entry.getInode() == 0).isPresent())
                .setVersion(command.getVersion())
                .build();
    }

    private DeletedReply deleteCurrentVersion(
            final DeleteObject command, final long parent, final byte[] name, final Dentry entry, final Inode inode) {
        destroy(entry.getInode(), inode);
        directories.unlink(parent, name);
        feed.named(EventType.REMOVED, command.getVolume(), parent, name, entry.getInode(), inode);
        promote(command.getVolume(), parent, name);
        directories.settle(parent);
        return DeletedReply.newBuilder().setVersion(command.getVersion()).build();
    }

    private void deleteArchived(
            final DeleteObject command,
            final long parent,
            final byte[] name,
            final VersionEntry entry,
            final Optional<Dentry> current) {
        old.unarchive(parent, name, entry);
        if (entry.getInode() != 0) {
            final Inode inode = transaction.inode(entry.getInode());
            destroy(entry.getInode(), inode);
            feed.named(EventType.REMOVED, command.getVolume(), parent, name, entry.getInode(), inode);
        }
        if (current.isEmpty()) {
            promote(command.getVolume(), parent, name);
        }
        directories.settle(parent);
    }

    /** The newest old version becomes current again, unless it is a delete marker. */
    private void promote(final long volume, final long parent, final byte[] name) {
        old.newest(parent, name).filter(entry -> entry.getInode() != 0).ifPresent(entry -> {
            old.unarchive(parent, name, entry);
            final Inode inode = transaction.inode(entry.getInode());
            directories.link(parent, name, entry.getInode(), inode.getType());
            feed.named(EventType.CREATED, volume, parent, name, entry.getInode(), inode);
        });
    }
}
