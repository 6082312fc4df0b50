package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FeedEvent;
import io.tarn.core.namespace.wire.FeedRecord;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.NodeName;
import java.util.Optional;

/**
 * The change feed: one event for each change of a name or an inode, ordered per volume by generation, written with the change itself.
 * An event carries the whole path, for when it is read the directories on the way may be gone: write it before they are settled. Only
 * where these lie in other shards it does without, for it must not make a change of one shard one of several.
 *
 * <p>Cost of an event: two changed records and a point read of the volume's feed record; but for objects that are put, a point read
 * for each directory on the way, too.
 */
final class Feed {
    private final Transaction transaction;

    Feed(final Transaction transaction) {
        this.transaction = transaction;
    }

    /** What happened to a name and the file, link, device or directory that bears it. */
    void named(
            final EventType type,
            final long volume,
            final long parent,
            final byte[] name,
            final long id,
            final Inode inode) {
        append(volume, place(about(type, id, inode), parent, name));
    }

    /** The same, of a key that got content; the most frequent event, and one whose path needs no looking up. */
    void filled(
            final EventType type,
            final long volume,
            final long parent,
            final byte[] name,
            final ByteString key,
            final long id,
            final Inode inode) {
        append(
                volume,
                about(type, id, inode)
                        .setOrigin(transaction.origin())
                        .setParent(parent)
                        .setName(ByteString.copyFrom(name))
                        .setPath(key));
    }

    /** What happened to an inode, whatever its names; a directory has but one. */
    void inode(final EventType type, final long id, final Inode inode) {
        append(inode.getVolume(), reached(about(type, id, inode), id, inode));
    }

    void xattr(final long id, final Inode inode, final ByteString attribute) {
        append(
                inode.getVolume(),
                reached(about(EventType.XATTR, id, inode), id, inode).setXattr(attribute));
    }

    void deleteMarker(
            final long volume, final long parent, final byte[] name, final String version, final String owner) {
        append(
                volume,
                place(FeedEvent.newBuilder().setType(EventType.DELETE_MARKER), parent, name)
                        .setFileType(FileType.REGULAR)
                        .setVersion(version)
                        .setOwner(owner));
    }

    void renamed(
            final long volume,
            final long fromParent,
            final byte[] fromName,
            final long toParent,
            final byte[] toName,
            final long id,
            final Inode inode) {
        append(
                volume,
                place(about(EventType.RENAMED, id, inode), toParent, toName)
                        .setOldParent(fromParent)
                        .setOldName(ByteString.copyFrom(fromName))
                        .setOldPath(path(fromParent, fromName)));
    }

    private FeedEvent.Builder about(final EventType type, final long id, final Inode inode) {
        final FeedEvent.Builder event = FeedEvent.newBuilder()
                .setType(type)
                .setInode(id)
                .setFileType(inode.getType())
                .setMode(inode.getMode())
                .setUid(inode.getUid())
                .setGid(inode.getGid())
                .setLinks(type == EventType.REMOVED ? linksLeft(id) : inode.getNlink())
                .setContentGeneration(inode.getContentGeneration());
        if (inode.getType() != FileType.DIRECTORY) {
            event.setSize(inode.getSize())
                    .setEtag(inode.getObject().getEtag())
                    .setOwner(inode.getObject().getOwner())
                    .setVersion(Versions.text(inode.getNullVersion(), inode.getVersionOrder()));
        }
        return event;
    }

    private int linksLeft(final long id) {
        return Records.inode(transaction.store, id).map(Inode::getNlink).orElse(0);
    }

    private FeedEvent.Builder place(final FeedEvent.Builder event, final long parent, final byte[] name) {
        return event.setParent(parent).setName(ByteString.copyFrom(name)).setPath(path(parent, name));
    }

    private ByteString path(final long parent, final byte[] name) {
        return ByteString.copyFrom(KeyPaths.of(transaction.store.above(), transaction::owns, parent, name));
    }

    /** A directory knows its name; a file's is the one by which the command came, if it said so and that is true. */
    private FeedEvent.Builder reached(final FeedEvent.Builder event, final long id, final Inode inode) {
        if (inode.getType() == FileType.DIRECTORY) {
            return inode.getParent() == id
                    ? event
                    : place(event, inode.getParent(), inode.getName().toByteArray());
        }
        final Optional<NodeName> via = transaction.via();
        if (via.isEmpty()) {
            return event;
        }
        final byte[] name = via.get().getName().toByteArray();
        return Records.file(transaction.store, via.get().getParent(), name)
                        .filter(entry -> entry.getInode() == id)
                        .isPresent()
                ? place(event, via.get().getParent(), name)
                : event;
    }

    private void append(final long volume, final FeedEvent.Builder event) {
        transaction.put(
                Families.FEED,
                Keys.of(volume, transaction.nextGeneration()),
                event.setTimeNanos(transaction.now())
                        .setSession(transaction.session())
                        .setPrincipal(transaction.principal())
                        .build());
        final FeedRecord record = Records.feed(transaction.store, volume).orElse(FeedRecord.getDefaultInstance());
        transaction.put(
                Families.FEED_RECORD,
                Keys.of(volume),
                record.toBuilder().setEvents(record.getEvents() + 1).build());
        transaction.news(volume);
    }
}
