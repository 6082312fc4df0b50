package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Dentry;
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
        final EntryNames.Entry source = nodes.require(command.getFromParent(), command.getFromName());
        final Optional<EntryNames.Entry> target = nodes.entry(command.getToParent(), command.getToName());
        if (command.getNoReplace() && target.isPresent()) {
            throw new StorageException(Failure.ALREADY_EXISTS, "the new name is taken");
        }
        requireOneName(volume, source);
        if (command.getExchange()) {
            exchange(command, fromParent.getVolume(), volume, source, target);
            return nodes.reply(source.dentry().getInode());
        }
        if (target.isPresent()
                && target.get().dentry().getInode() == source.dentry().getInode()) {
            // Two names of one file: POSIX leaves both.
            return nodes.reply(source.dentry().getInode());
        }
        final byte[] toName = target.map(EntryNames.Entry::name)
                .orElseGet(() -> EntryNames.forNew(
                        transaction.store,
                        command.getToParent(),
                        command.getToName().toByteArray(),
                        source.isDirectory()));
        if (source.isDirectory()) {
            moveDirectory(command, fromParent.getVolume(), volume, toName, source, target);
        } else {
            moveFile(command, fromParent.getVolume(), volume, toName, source, target);
        }
        return nodes.reply(source.dentry().getInode());
    }

    /** Where versions are kept, a move gives the inode a new place in a history; it can have one only. */
    private void requireOneName(final VolumeRecord volume, final EntryNames.Entry entry) {
        if (VersioningCodes.of(volume.getVersioning()) != Versioning.OFF
                && !entry.isDirectory()
                && transaction.inode(entry.dentry().getInode()).getNlink() > 1) {
            throw new StorageException(
                    Failure.UNSUPPORTED, "a file of several names cannot be renamed on a versioned volume");
        }
    }

    private void moveDirectory(
            final RenameNode command,
            final long volumeId,
            final VolumeRecord volume,
            final byte[] toName,
            final EntryNames.Entry source,
            final Optional<EntryNames.Entry> target) {
        requireNoLoop(command.getToParent(), source);
        if (target.isPresent()) {
            if (!target.get().isDirectory()) {
                throw new StorageException(Failure.NOT_A_DIRECTORY, "a directory cannot replace a file");
            }
            removeWithin(
                    command.getToParent(),
                    volumeId,
                    volume,
                    target.get().dentry().getInode());
        }
        if (Records.directory(transaction.store, command.getToParent(), toName).isPresent()) {
            throw new StorageException(
                    Failure.NOT_EMPTY, "old versions are kept under the new name; it cannot be replaced");
        }
        directories.move(source.dentry().getInode(), command.getToParent(), toName);
        renamed(command, volumeId, source, toName);
        directories.settle(command.getFromParent());
    }

    /** Removes an empty directory from a parent that another is about to enter: an implied parent must not go in between. */
    private void removeWithin(final long parent, final long volumeId, final VolumeRecord volume, final long doomed) {
        final Inode before = transaction.inode(parent);
        transaction.putInode(parent, before.toBuilder().setExplicit(true).build());
        nodes.removeEmpty(volumeId, volume, doomed);
        transaction.putInode(
                parent,
                transaction.inode(parent).toBuilder()
                        .setExplicit(before.getExplicit())
                        .build());
    }

    private void requireNoLoop(final long toParent, final EntryNames.Entry source) {
        if (source.isDirectory() && nodes.isWithin(toParent, source.dentry().getInode())) {
            throw new StorageException(Failure.LOOP, "a directory cannot move below itself");
        }
    }

    private void moveFile(
            final RenameNode command,
            final long volumeId,
            final VolumeRecord volume,
            final byte[] toName,
            final EntryNames.Entry source,
            final Optional<EntryNames.Entry> target) {
        if (target.isPresent() && target.get().isDirectory()) {
            throw new StorageException(Failure.IS_A_DIRECTORY, "a file cannot replace a directory");
        }
        final Dentry entry = source.dentry();
        objects.replace(volume, command.getToParent(), toName, target.map(EntryNames.Entry::dentry));
        objects.leave(volumeId, volume, command.getFromParent(), source.name(), command.getOwner());
        directories.link(command.getToParent(), toName, entry.getInode(), entry.getType());
        touch(entry.getInode(), volume, command.getToParent(), toName);
        renamed(command, volumeId, source, toName);
        directories.settle(command.getFromParent());
    }

    /** A file that takes a name of a versioned volume becomes that name's newest version. */
    private void touch(final long id, final VolumeRecord volume, final long parent, final byte[] name) {
        final Inode inode = transaction.inode(id);
        final Inode.Builder touched =
                inode.toBuilder().setCtimeNanos(transaction.now()).setGeneration(transaction.nextGeneration());
        if (inode.getNlink() == 1) {
            touched.setHome(parent).setHomeName(ByteString.copyFrom(name));
        }
        if (VersioningCodes.of(volume.getVersioning()) != Versioning.OFF) {
            touched.setVersionOrder(transaction.nextGeneration())
                    .setNullVersion(VersioningCodes.of(volume.getVersioning()) == Versioning.SUSPENDED);
        }
        transaction.putInode(id, touched.build());
    }

    private void exchange(
            final RenameNode command,
            final long volumeId,
            final VolumeRecord volume,
            final EntryNames.Entry source,
            final Optional<EntryNames.Entry> target) {
        final EntryNames.Entry other =
                target.orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "nothing to exchange with"));
        if (other.dentry().getInode() == source.dentry().getInode()) {
            return;
        }
        requireOneName(volume, other);
        requireNoLoop(command.getToParent(), source);
        requireNoLoop(command.getFromParent(), other);
        if (source.isDirectory() != other.isDirectory()) {
            requireFree(command.getToParent(), other.name(), source.isDirectory());
            requireFree(command.getFromParent(), source.name(), other.isDirectory());
        }
        directories.exchange(
                command.getFromParent(),
                source.name(),
                source.dentry(),
                command.getToParent(),
                other.name(),
                other.dentry());
        entered(command, volumeId, volume, command.getToParent(), source, other);
        entered(command, volumeId, volume, command.getFromParent(), other, source);
        renamed(command, volumeId, source, other.name());
        feed.renamed(
                volumeId,
                /* fromParent= */ command.getToParent(),
                /* fromName= */ other.name(),
                /* toParent= */ command.getFromParent(),
                /* toName= */ source.name(),
                other.dentry().getInode(),
                transaction.inode(other.dentry().getInode()));
    }

    /** A file and a directory trade places only where S3 sees nothing else under either name. */
    private void requireFree(final long parent, final byte[] name, final boolean directory) {
        if (!directory && name.length == 0) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "only a directory can have an empty name");
        }
        final Optional<Dentry> taken = directory
                ? Records.directory(transaction.store, parent, name)
                : Records.file(transaction.store, parent, name);
        if (taken.isPresent()) {
            throw new StorageException(Failure.ALREADY_EXISTS, "both a file and a directory bear the name");
        }
    }

    /** The histories of a versioned volume after {@code entry} has taken the place of {@code before} in {@code parent}. */
    private void entered(
            final RenameNode command,
            final long volumeId,
            final VolumeRecord volume,
            final long parent,
            final EntryNames.Entry entry,
            final EntryNames.Entry before) {
        if (!entry.isDirectory()) {
            objects.replace(volume, parent, before.name(), Optional.empty());
            touch(entry.dentry().getInode(), volume, parent, before.name());
        } else if (!before.isDirectory() && VersioningCodes.of(volume.getVersioning()) != Versioning.OFF) {
            objects.mark(volumeId, volume, parent, before.name(), command.getOwner());
        }
    }

    private void renamed(
            final RenameNode command, final long volume, final EntryNames.Entry source, final byte[] toName) {
        final long id = source.dentry().getInode();
        feed.renamed(
                volume,
                command.getFromParent(),
                source.name(),
                command.getToParent(),
                toName,
                id,
                transaction.inode(id));
    }
}
