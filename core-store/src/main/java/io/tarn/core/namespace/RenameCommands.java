package io.tarn.core.namespace;

import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.RenameNode;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Optional;

/** Rename within a shard: one command, so every reader sees the old names or the new, never both and never neither. */
final class RenameCommands {
    private final Transaction transaction;
    private final Directories directories;
    private final NodeCommands nodes;
    private final ObjectCommands objects;
    private final Feed feed;

    RenameCommands(
            final Transaction transaction,
            final Directories directories,
            final NodeCommands nodes,
            final ObjectCommands objects,
            final Feed feed) {
        this.transaction = transaction;
        this.directories = directories;
        this.nodes = nodes;
        this.objects = objects;
        this.feed = feed;
    }

    Reply rename(final RenameNode command) {
        final Inode fromParent = nodes.requireDirectory(command.getFromParent());
        final Inode toParent = nodes.requireDirectory(command.getToParent());
        if (fromParent.getVolume() != toParent.getVolume()) {
            throw new StorageException(Failure.CROSS_VOLUME, "a rename stays within its volume");
        }
        final VolumeRecord volume = transaction.volume(fromParent.getVolume());
        final byte[] fromName = command.getFromName().toByteArray();
        final byte[] toName = NodeCommands.requireName(command.getToName());
        final Dentry source = nodes.entry(command.getFromParent(), fromName)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no such file or directory"));
        final Optional<Dentry> target = nodes.entry(command.getToParent(), toName);
        if (command.getNoReplace() && target.isPresent()) {
            throw new StorageException(Failure.ALREADY_EXISTS, "the new name is taken");
        }
        if (command.getExchange()) {
            exchange(command, fromName, toName, source, target);
            return nodes.reply(source.getInode());
        }
        if (target.isPresent() && target.get().getInode() == source.getInode()) {
            // Two names of one file: POSIX leaves both.
            return nodes.reply(source.getInode());
        }
        if (source.getType() == FileType.DIRECTORY) {
            moveDirectory(command, fromParent.getVolume(), volume, fromName, toName, source, target);
        } else {
            moveFile(command, fromParent.getVolume(), volume, fromName, toName, source, target);
        }
        return nodes.reply(source.getInode());
    }

    private void moveDirectory(
            final RenameNode command,
            final long volumeId,
            final VolumeRecord volume,
            final byte[] fromName,
            final byte[] toName,
            final Dentry source,
            final Optional<Dentry> target) {
        requireNoLoop(command.getToParent(), source);
        if (target.isPresent()) {
            if (target.get().getType() != FileType.DIRECTORY) {
                throw new StorageException(Failure.NOT_A_DIRECTORY, "a directory cannot replace a file");
            }
            nodes.removeEmpty(volumeId, volume, target.get().getInode());
        }
        if (Records.directory(transaction.store, command.getToParent(), toName).isPresent()) {
            throw new StorageException(
                    Failure.NOT_EMPTY, "old versions are kept under the new name; it cannot be replaced");
        }
        directories.move(source.getInode(), command.getToParent(), toName);
        renamed(command, volumeId, fromName, toName, source.getInode());
        directories.settle(command.getFromParent());
    }

    private void requireNoLoop(final long toParent, final Dentry source) {
        if (source.getType() == FileType.DIRECTORY && nodes.isWithin(toParent, source.getInode())) {
            throw new StorageException(Failure.LOOP, "a directory cannot move below itself");
        }
    }

    private void moveFile(
            final RenameNode command,
            final long volumeId,
            final VolumeRecord volume,
            final byte[] fromName,
            final byte[] toName,
            final Dentry source,
            final Optional<Dentry> target) {
        if (target.isPresent() && target.get().getType() == FileType.DIRECTORY) {
            throw new StorageException(Failure.IS_A_DIRECTORY, "a file cannot replace a directory");
        }
        objects.replace(volume, command.getToParent(), toName, target);
        objects.leave(volumeId, volume, command.getFromParent(), fromName, command.getOwner());
        directories.link(command.getToParent(), toName, source.getInode(), source.getType());
        touch(source.getInode(), volume);
        renamed(command, volumeId, fromName, toName, source.getInode());
        directories.settle(command.getFromParent());
    }

    /** A file that takes a name of a versioned volume becomes that name's newest version. */
    private void touch(final long id, final VolumeRecord volume) {
        final Inode inode = transaction.inode(id);
        final Inode.Builder touched =
                inode.toBuilder().setCtimeNanos(transaction.now()).setGeneration(transaction.nextGeneration());
        if (VersioningCodes.of(volume.getVersioning()) != Versioning.OFF) {
            touched.setVersionOrder(transaction.nextGeneration())
                    .setNullVersion(VersioningCodes.of(volume.getVersioning()) == Versioning.SUSPENDED);
        }
        transaction.putInode(id, touched.build());
    }

    private void exchange(
            final RenameNode command,
            final byte[] fromName,
            final byte[] toName,
            final Dentry source,
            final Optional<Dentry> target) {
        final Dentry other =
                target.orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "nothing to exchange with"));
        if (other.getInode() == source.getInode()) {
            return;
        }
        requireNoLoop(command.getToParent(), source);
        requireNoLoop(command.getFromParent(), other);
        directories.exchange(command.getFromParent(), fromName, source, command.getToParent(), toName, other);
        final long volume = transaction.inode(source.getInode()).getVolume();
        renamed(command, volume, fromName, toName, source.getInode());
        feed.renamed(
                volume,
                /* fromParent= */ command.getToParent(),
                /* fromName= */ toName,
                /* toParent= */ command.getFromParent(),
                /* toName= */ fromName,
                other.getInode(),
                transaction.inode(other.getInode()));
    }

    private void renamed(
            final RenameNode command, final long volume, final byte[] fromName, final byte[] toName, final long id) {
        feed.renamed(
                volume, command.getFromParent(), fromName, command.getToParent(), toName, id, transaction.inode(id));
    }
}
