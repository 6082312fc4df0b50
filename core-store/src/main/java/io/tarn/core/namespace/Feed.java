package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FeedEvent;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;

/** The change feed: one event for each change of a name or an inode, ordered per volume by generation, written with the change itself. */
final class Feed {
    private final Transaction transaction;

    Feed(final Transaction transaction) {
        this.transaction = transaction;
    }

    void file(
            final EventType type,
            final long volume,
            final long parent,
            final byte[] name,
            final long id,
            final Inode inode) {
        transaction.put(
                Families.FEED,
                Keys.of(volume, transaction.nextGeneration()),
                FeedEvent.newBuilder()
                        .setType(type)
                        .setParent(parent)
                        .setName(ByteString.copyFrom(name))
                        .setInode(id)
                        .setTimeNanos(transaction.now())
                        .setSize(inode.getSize())
                        .setEtag(inode.getObject().getEtag())
                        .setOwner(inode.getObject().getOwner())
                        .setVersion(version(inode))
                        .setFileType(inode.getType())
                        .build());
    }

    private static String version(final Inode inode) {
        return inode.getType() == FileType.DIRECTORY
                ? ""
                : Versions.text(inode.getNullVersion(), inode.getVersionOrder());
    }

    /** A change of an inode, whatever names it has. */
    void node(final EventType type, final long id, final Inode inode) {
        file(type, inode.getVolume(), 0, new byte[0], id, inode);
    }

    void deleteMarker(
            final long volume, final long parent, final byte[] name, final String version, final String owner) {
        transaction.put(
                Families.FEED,
                Keys.of(volume, transaction.nextGeneration()),
                FeedEvent.newBuilder()
                        .setType(EventType.DELETE_MARKER)
                        .setParent(parent)
                        .setName(ByteString.copyFrom(name))
                        .setTimeNanos(transaction.now())
                        .setVersion(version)
                        .setOwner(owner)
                        .build());
    }

    void renamed(
            final long volume,
            final long fromParent,
            final byte[] fromName,
            final long toParent,
            final byte[] toName,
            final long id,
            final Inode inode) {
        transaction.put(
                Families.FEED,
                Keys.of(volume, transaction.nextGeneration()),
                FeedEvent.newBuilder()
                        .setType(EventType.RENAMED)
                        .setParent(toParent)
                        .setName(ByteString.copyFrom(toName))
                        .setOldParent(fromParent)
                        .setOldName(ByteString.copyFrom(fromName))
                        .setInode(id)
                        .setTimeNanos(transaction.now())
                        .setSize(inode.getSize())
                        .setFileType(inode.getType())
                        .build());
    }
}
