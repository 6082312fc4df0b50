package io.tarn.core.namespace;

import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.ObjectReply;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SetObjectAttributes;
import io.tarn.core.namespace.wire.VolumeRecord;

/** Replaces what whole-object protocols keep with a version: a compare-and-set on its generation, by a key that names it. */
final class AttributeCommands {
    private final Transaction transaction;
    private final Feed feed;
    private final OldVersions old;

    AttributeCommands(final Transaction transaction, final Feed feed) {
        this.transaction = transaction;
        this.feed = feed;
        this.old = new OldVersions(transaction);
    }

    /** The directory of the key, which must be a name of the inode: as its current version, an old one, or an explicit directory. */
    private long requireBears(final VolumeRecord volume, final SetObjectAttributes command, final Inode inode) {
        final Path path = Path.of(command.getKey().toByteArray());
        return Directories.find(transaction.store, volume.getRoot(), path)
                .filter(parent -> bears(parent, path.name(), command.getInode(), inode))
                .orElseThrow(() -> new StorageException(Failure.CONFLICT, "the key does not name this object"));
    }

    private boolean bears(final long parent, final byte[] name, final long id, final Inode inode) {
        return (name.length == 0 && parent == id)
                || Records.file(transaction.store, parent, name)
                        .filter(entry -> entry.getInode() == id)
                        .isPresent()
                || old.find(parent, name, inode.getVersionOrder())
                        .filter(entry -> entry.getInode() == id)
                        .isPresent();
    }

    Reply set(final SetObjectAttributes command) {
        final VolumeRecord volume = transaction.volume(command.getVolume());
        final Inode inode = Records.inode(transaction.store, command.getInode())
                .filter(found -> found.getVolume() == command.getVolume()
                        && found.getGeneration() == command.getExpectedGeneration())
                .orElseThrow(() -> new StorageException(Failure.CONFLICT, "the object has changed"));
        final long parent = requireBears(volume, command, inode);
        final Inode changed = inode.toBuilder()
                .setObject(command.getObject().toBuilder()
                        .setEtag(inode.getObject().getEtag())
                        .setOwner(inode.getObject().getOwner())
                        .setParts(inode.getObject().getParts()))
                .setCtimeNanos(transaction.now())
                .setGeneration(transaction.nextGeneration())
                .build();
        transaction.putInode(command.getInode(), changed);
        feed.named(
                EventType.ATTRIBUTES,
                command.getVolume(),
                parent,
                Path.of(command.getKey().toByteArray()).name(),
                command.getInode(),
                changed);
        return Replies.of(ObjectReply.newBuilder()
                .setKey(command.getKey())
                .setInode(command.getInode())
                .setAttributes(changed)
                .setVersioned(VersioningCodes.of(volume.getVersioning()) != Versioning.OFF)
                .build());
    }
}
