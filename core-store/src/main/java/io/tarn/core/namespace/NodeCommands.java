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

/**
 * Names by directory inode, as POSIX and HDFS use them. A name is taken whether a file or a directory bears it; what only S3 can make,
 * a file beside a directory of the same name, is told apart by the escape of the names (a gateway's matter).
 */
final class NodeCommands {
    static final int NAME_MAX_BYTES = 255;
    static final int LINKS_MAX = 65_000;
    static final int SYMLINK_MAX_BYTES = 4096;
    static final int XATTR_NAME_MAX_BYTES = 255;
    static final int XATTR_VALUE_MAX_BYTES = 64 << 10;

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

    static byte[] requireName(final ByteString name) {
        final byte[] bytes = name.toByteArray();
        if (bytes.length > NAME_MAX_BYTES) {
            throw new StorageException(Failure.TOO_LARGE, "a name has at most " + NAME_MAX_BYTES + " bytes");
        }
        boolean valid = bytes.length > 0 && !name.equals(DOT) && !name.equals(DOTS);
        for (final byte b : bytes) {
            valid &= b != 0 && b != '/';
        }
        if (!valid) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "not a name of an entry");
        }
        return bytes;
    }

    private static final ByteString DOT = ByteString.copyFromUtf8(".");
    private static final ByteString DOTS = ByteString.copyFromUtf8("..");

    Inode requireDirectory(final long id) {
        final Inode inode = Records.inode(transaction.store, id)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the directory is gone"));
        if (inode.getType() != FileType.DIRECTORY) {
            throw new StorageException(Failure.NOT_A_DIRECTORY, "not a directory");
        }
        return inode;
    }

    /** The file or directory of a name; hidden directories are not there. */
    Optional<Dentry> entry(final long parent, final byte[] name) {
        final Optional<Dentry> directory =
                Records.directory(transaction.store, parent, name).filter(found -> !found.getHidden());
        return directory.isPresent() ? directory : Records.file(transaction.store, parent, name);
    }

    Reply make(final MakeNode command) {
        final Inode parent = requireDirectory(command.getParent());
        final VolumeRecord volume = transaction.volume(parent.getVolume());
        final byte[] name = requireName(command.getName());
        final Optional<Dentry> existing = entry(command.getParent(), name);
        if (existing.isPresent()) {
            if (command.getExclusive() || existing.get().getType() != FileType.REGULAR) {
                throw new StorageException(Failure.ALREADY_EXISTS, "the name is taken");
            }
            return reply(existing.get().getInode());
        }
        if (command.getType() == FileType.DIRECTORY) {
            return reply(makeDirectory(command, parent.getVolume(), volume, name));
        }
        if (command.getSymlinkTarget().size() > SYMLINK_MAX_BYTES) {
            throw new StorageException(Failure.TOO_LARGE, "the target of the link is too long");
        }
        final long id = transaction.nextInode();
        final long generation = transaction.nextGeneration();
        final Inode inode = Inode.newBuilder()
                .setType(command.getType())
                .setVolume(parent.getVolume())
                .setMode(command.getMode())
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
                .build();
        accounts.charge(parent.getVolume(), volume, inode.getSize(), 1);
        transaction.putInode(id, inode);
        objects.makeRoomForNull(command.getParent(), name, inode);
        directories.link(command.getParent(), name, id, command.getType());
        feed.named(EventType.CREATED, parent.getVolume(), command.getParent(), name, id, inode);
        return reply(id);
    }

    private long makeDirectory(
            final MakeNode command, final long volumeId, final VolumeRecord volume, final byte[] name) {
        final Optional<Dentry> hidden = Records.directory(transaction.store, command.getParent(), name);
        if (hidden.isPresent()) {
            final long id = hidden.get().getInode();
            directories.makeExplicit(id, command.getMode(), command.getUid(), command.getGid());
            return id;
        }
        return directories.create(
                volumeId,
                volume,
                command.getParent(),
                name,
                command.getUid(),
                command.getGid(),
                command.getMode(),
                true,
                command.getPlacedInode() == 0 ? transaction.nextInode() : command.getPlacedInode());
    }

    Reply reply(final long id) {
        return Replies.of(NodeReply.newBuilder()
                .setInode(id)
                .setAttributes(transaction.inode(id))
                .build());
    }

    Reply link(final LinkNode command) {
        final Inode parent = requireDirectory(command.getParent());
        transaction.volume(parent.getVolume());
        final byte[] name = requireName(command.getName());
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
        if (entry(command.getParent(), name).isPresent()) {
            throw new StorageException(Failure.ALREADY_EXISTS, "the name is taken");
        }
        final Inode linked = inode.toBuilder()
                .setNlink(inode.getNlink() + 1)
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
        final byte[] name = command.getName().toByteArray();
        final Optional<Dentry> file = Records.file(transaction.store, command.getParent(), name);
        if (file.isEmpty()) {
            final boolean directory = entry(command.getParent(), name).isPresent();
            throw new StorageException(
                    directory ? Failure.IS_A_DIRECTORY : Failure.NOT_FOUND,
                    directory ? "a directory is removed by rmdir" : "no such file");
        }
        objects.unlink(parent.getVolume(), volume, command.getParent(), name, file.get(), command.getOwner());
        return Replies.DONE;
    }

    Reply removeDirectory(final RemoveDirectory command) {
        final Inode parent = requireDirectory(command.getParent());
        final VolumeRecord volume = transaction.volume(parent.getVolume());
        final byte[] name = command.getName().toByteArray();
        final Optional<Dentry> entry =
                Records.directory(transaction.store, command.getParent(), name).filter(found -> !found.getHidden());
        if (entry.isEmpty()) {
            final boolean file =
                    Records.file(transaction.store, command.getParent(), name).isPresent();
            throw new StorageException(file ? Failure.NOT_A_DIRECTORY : Failure.NOT_FOUND, "no such directory");
        }
        removeEmpty(parent.getVolume(), volume, entry.get().getInode());
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
        if (!there && (command.getReplaceOnly() || command.getRemove())) {
            throw new StorageException(Failure.NOT_FOUND, "no such attribute");
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

    /** Whether {@code directory} is {@code ancestor} or lies below it. */
    boolean isWithin(final long directory, final long ancestor) {
        long id = directory;
        while (true) {
            if (id == ancestor) {
                return true;
            }
            final long parent = transaction.inode(id).getParent();
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
