package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.LinkNode;
import io.tarn.core.namespace.wire.MakeNode;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.ObjectAttributes;
import io.tarn.core.namespace.wire.RemoveDirectory;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SetXattr;
import io.tarn.core.namespace.wire.UnlinkNode;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Optional;

/** Names by directory inode, as POSIX and HDFS use them: commands carry the names that these see ({@link EntryNames}). */
final class NodeCommands {
    static final int LINKS_MAX = 65_000;
    static final int SYMLINK_MAX_BYTES = 4096;
    static final int XATTR_NAME_MAX_BYTES = 255;
    static final int XATTR_VALUE_MAX_BYTES = 64 << 10;
    /** Attributes of one inode; they go in one command with it. */
    static final int XATTRS_MAX = 1024;

    private final Transaction transaction;
    private final Directories directories;
    private final Accounts accounts;
    private final ObjectCommands objects;
    private final Feed feed;

    NodeCommands(
            final Transaction transaction,
            final Directories directories,
            final Accounts accounts,
            final ObjectCommands objects,
            final Feed feed) {
        this.transaction = transaction;
        this.directories = directories;
        this.accounts = accounts;
        this.objects = objects;
        this.feed = feed;
    }

    Inode requireDirectory(final long id) {
        final Inode inode = Records.inode(transaction.store, id)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the directory is gone"));
        if (inode.getType() != FileType.DIRECTORY) {
            throw new StorageException(Failure.NOT_A_DIRECTORY, "not a directory");
        }
        return inode;
    }

    /** The file or directory of a shown name. */
    Optional<EntryNames.Entry> entry(final long parent, final ByteString shown) {
        return EntryNames.find(transaction.store, parent, shown.toByteArray());
    }

    private byte[] newName(final long parent, final ByteString shown, final boolean directory) {
        return EntryNames.forNew(transaction.store, parent, shown.toByteArray(), directory);
    }

    Reply make(final MakeNode command, final long session) {
        final Inode parent = requireDirectory(command.getParent());
        final VolumeRecord volume = transaction.volume(parent.getVolume());
        final boolean directory = command.getType() == FileType.DIRECTORY;
        final Optional<EntryNames.Entry> existing = entry(command.getParent(), command.getName());
        if (existing.isPresent()) {
            final Dentry found = existing.get().dentry();
            if (command.getExclusive()
                    || command.getType() != FileType.REGULAR
                    || found.getType() != FileType.REGULAR) {
                throw new StorageException(Failure.ALREADY_EXISTS, "the name is taken");
            }
            return reply(found.getInode());
        }
        final byte[] name = newName(command.getParent(), command.getName(), directory);
        if (directory) {
            return reply(makeDirectory(command, parent.getVolume(), volume, name, session));
        }
        requireKnownType(command.getType());
        if (command.getSymlinkTarget().size() > SYMLINK_MAX_BYTES) {
            throw new StorageException(Failure.TOO_LARGE, "the target of the link is too long");
        }
        final long id = newInode(command, session);
        final long generation = transaction.nextGeneration();
        final Inode inode = Inode.newBuilder()
                .setType(command.getType())
                .setVolume(parent.getVolume())
                .setMode(command.getMode() & FileCommands.PERMISSION_BITS)
                .setUid(command.getUid())
                .setGid(command.getGid())
                .setNlink(1)
                .setSize(command.getSymlinkTarget().size())
                .setRdev(command.getRdev())
                .setSymlinkTarget(command.getSymlinkTarget())
                .setAtimeNanos(transaction.now())
                .setMtimeNanos(transaction.now())
                .setCtimeNanos(transaction.now())
                .setBtimeNanos(transaction.now())
                .setGeneration(generation)
                .setContentGeneration(generation)
                .setVersionOrder(generation)
                .setNullVersion(VersioningCodes.of(volume.getVersioning()) != Versioning.ENABLED)
                .setObject(ObjectAttributes.newBuilder().setOwner(command.getOwner()))
                .setHome(command.getParent())
                .setHomeName(ByteString.copyFrom(name))
                // What its maker writes is its first version.
                .setEpisode(command.getOpen())
                .build();
        accounts.charge(parent.getVolume(), volume, inode.getSize(), 1);
        transaction.putInode(id, inode);
        objects.makeRoomForNull(command.getParent(), name, inode);
        directories.link(command.getParent(), name, id, command.getType());
        feed.named(EventType.CREATED, parent.getVolume(), command.getParent(), name, id, inode);
        return reply(id);
    }

    private long newInode(final MakeNode command, final long session) {
        if (command.getReservedInode() == 0) {
            return transaction.nextInode();
        }
        DelegationCommands.take(transaction, command.getReservedInode(), session);
        return command.getReservedInode();
    }

    private static void requireKnownType(final FileType type) {
        if (type == FileType.FILE_TYPE_UNKNOWN || type == FileType.UNRECOGNIZED) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "not a type of file");
        }
    }

    private long makeDirectory(
            final MakeNode command,
            final long volumeId,
            final VolumeRecord volume,
            final byte[] name,
            final long session) {
        final Optional<Dentry> hidden = Records.directory(transaction.store, command.getParent(), name);
        if (hidden.isPresent()) {
            final long id = hidden.get().getInode();
            directories.makeExplicit(
                    id, command.getMode() & FileCommands.PERMISSION_BITS, command.getUid(), command.getGid());
            return id;
        }
        directories.requireDepthBelow(command.getParent());
        return directories.create(
                volumeId,
                volume,
                command.getParent(),
                name,
                command.getUid(),
                command.getGid(),
                command.getMode() & FileCommands.PERMISSION_BITS,
                true,
                command.getPlacedInode() == 0 ? newInode(command, session) : command.getPlacedInode());
    }

    Reply reply(final long id) {
        return Replies.of(NodeReply.newBuilder()
                .setInode(id)
                .setAttributes(transaction.inode(id))
                .build());
    }

    Reply link(final LinkNode command) {
        final Inode parent = requireDirectory(command.getParent());
        final VolumeRecord volume = transaction.volume(parent.getVolume());
        final Inode inode = Records.inode(transaction.store, command.getInode())
                .filter(found -> found.getNlink() > 0)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the file is gone"));
        if (inode.getType() == FileType.DIRECTORY) {
            throw new StorageException(Failure.IS_A_DIRECTORY, "directories have one name");
        }
        if (inode.getVolume() != parent.getVolume()) {
            throw new StorageException(Failure.CROSS_VOLUME, "a link stays within its volume");
        }
        if (inode.getNlink() >= LINKS_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + LINKS_MAX + " names");
        }
        if (entry(command.getParent(), command.getName()).isPresent()) {
            throw new StorageException(Failure.ALREADY_EXISTS, "the name is taken");
        }
        if (VersioningCodes.of(volume.getVersioning()) != Versioning.OFF) {
            // An inode is one version; two names would have to share one place in two histories.
            throw new StorageException(Failure.UNSUPPORTED, "files of a versioned volume have one name");
        }
        final byte[] name = newName(command.getParent(), command.getName(), false);
        final Inode linked = inode.toBuilder()
                .setNlink(inode.getNlink() + 1)
                .clearHome()
                .clearHomeName()
                .setCtimeNanos(transaction.now())
                .setGeneration(transaction.nextGeneration())
                .build();
        transaction.putInode(command.getInode(), linked);
        directories.link(command.getParent(), name, command.getInode(), inode.getType());
        feed.named(EventType.LINKED, parent.getVolume(), command.getParent(), name, command.getInode(), linked);
        return reply(command.getInode());
    }

    Reply unlink(final UnlinkNode command) {
        final Inode parent = requireDirectory(command.getParent());
        final VolumeRecord volume = transaction.volume(parent.getVolume());
        final EntryNames.Entry entry = require(command.getParent(), command.getName());
        if (entry.isDirectory()) {
            throw new StorageException(Failure.IS_A_DIRECTORY, "a directory is removed by rmdir");
        }
        objects.unlink(
                parent.getVolume(), volume, command.getParent(), entry.name(), entry.dentry(), command.getOwner());
        return Replies.DONE;
    }

    EntryNames.Entry require(final long parent, final ByteString shown) {
        return entry(parent, shown)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no such file or directory"));
    }

    Reply removeDirectory(final RemoveDirectory command) {
        final Inode parent = requireDirectory(command.getParent());
        final VolumeRecord volume = transaction.volume(parent.getVolume());
        final EntryNames.Entry entry = require(command.getParent(), command.getName());
        if (!entry.isDirectory()) {
            throw new StorageException(Failure.NOT_A_DIRECTORY, "a file is removed by unlink");
        }
        removeEmpty(parent.getVolume(), volume, entry.dentry().getInode());
        return Replies.DONE;
    }

    /** Removes a directory that holds no visible entry but perhaps the object of its own key. */
    void removeEmpty(final long volumeId, final VolumeRecord volume, final long id) {
        final Inode directory = transaction.inode(id);
        final Optional<Dentry> marker = Records.file(transaction.store, id, new byte[0]);
        if (directory.getChildren() > (marker.isPresent() ? 1 : 0)) {
            throw new StorageException(Failure.NOT_EMPTY, "the directory is not empty");
        }
        directories.makeImpliedKeeping(id, directory);
        marker.ifPresentOrElse(
                found -> objects.unlink(volumeId, volume, id, new byte[0], found, ""), () -> directories.settle(id));
    }

    Reply setXattr(final SetXattr command) {
        final Inode inode = Records.inode(transaction.store, command.getInode())
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the file is gone"));
        transaction.volume(inode.getVolume());
        if (command.getName().size() > XATTR_NAME_MAX_BYTES
                || command.getValue().size() > XATTR_VALUE_MAX_BYTES) {
            throw new StorageException(Failure.TOO_LARGE, "the attribute is too long");
        }
        final byte[] key = Keys.name(command.getInode(), command.getName().toByteArray());
        final boolean there = transaction.store.get(Families.XATTR, key).isPresent();
        if (there && command.getCreateOnly()) {
            throw new StorageException(Failure.ALREADY_EXISTS, "the attribute is there");
        }
        if (command.getName().isEmpty()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "an attribute without a name");
        }
        if (!there && (command.getReplaceOnly() || command.getRemove())) {
            throw new StorageException(Failure.NOT_FOUND, "no such attribute");
        }
        if (!there && countXattrs(command.getInode()) >= XATTRS_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + XATTRS_MAX + " attributes");
        }
        if (command.getRemove()) {
            transaction.store.delete(Families.XATTR, key);
        } else {
            transaction.store.put(Families.XATTR, key, command.getValue().toByteArray());
        }
        final Inode changed = inode.toBuilder()
                .setCtimeNanos(transaction.now())
                .setGeneration(transaction.nextGeneration())
                .build();
        transaction.putInode(command.getInode(), changed);
        feed.xattr(command.getInode(), changed, command.getName());
        return reply(command.getInode());
    }

    private int countXattrs(final long id) {
        final byte[] prefix = Keys.of(id);
        int count = 0;
        try (Cursor cursor = transaction.store.scan(Families.XATTR, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                count++;
            }
        }
        return count;
    }

    /** Whether {@code directory} is {@code ancestor} or lies below it. */
    boolean isWithin(final long directory, final long ancestor) {
        long id = directory;
        while (true) {
            if (id == ancestor) {
                return true;
            }
            final long parent = transaction.inodeAbove(id).getParent();
            if (parent == id) {
                return false;
            }
            id = parent;
        }
    }

    /** Whether a directory has any extended attribute; used when inodes go. */
    static void dropXattrs(final Transaction transaction, final long id) {
        final byte[] prefix = Keys.of(id);
        try (Cursor cursor = transaction.store.scan(Families.XATTR, prefix, Keys.after(prefix))) {
            if (!cursor.valid()) {
                return;
            }
        }
        transaction.store.deleteRange(Families.XATTR, prefix, Keys.after(prefix));
    }
}
