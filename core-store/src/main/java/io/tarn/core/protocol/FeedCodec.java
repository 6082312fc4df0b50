package io.tarn.core.protocol;

import static io.tarn.core.protocol.NodeCodec.bytes;
import static io.tarn.core.protocol.NodeCodec.key;
import static io.tarn.core.protocol.NodeCodec.meaning;

import io.tarn.client.ChangeEvent;
import io.tarn.client.ChangeEvent.Kind;
import io.tarn.client.ChangeEvent.Name;
import io.tarn.client.ChangeEvent.Origin;
import io.tarn.client.ChangeFeed.Events;
import io.tarn.client.ChangeFeed.Read;
import io.tarn.client.ChangeFeed.Trimmed;
import io.tarn.core.protocol.wire.EventMessage;
import io.tarn.core.protocol.wire.EventNameMessage;
import io.tarn.core.protocol.wire.FeedMessage;
import java.util.List;
import java.util.Optional;

/** Reads of a change feed as messages. */
public final class FeedCodec {
    /** The places are the codes on the wire. */
    private static final List<ChangeEvent.Type> TYPES = List.of(
            ChangeEvent.Type.CREATED,
            ChangeEvent.Type.CONTENT,
            ChangeEvent.Type.ATTRIBUTES,
            ChangeEvent.Type.REMOVED,
            ChangeEvent.Type.RENAMED,
            ChangeEvent.Type.DELETE_MARKER,
            ChangeEvent.Type.LINKED,
            ChangeEvent.Type.TRUNCATED,
            ChangeEvent.Type.XATTR,
            ChangeEvent.Type.DELEGATED);

    private static final List<Kind> KINDS = List.of(Kind.FILE, Kind.DIRECTORY, Kind.SYMLINK, Kind.SPECIAL);
    private static final List<Origin> ORIGINS = List.of(Origin.WRITTEN, Origin.COPIED, Origin.UPLOADED);

    private FeedCodec() {}

    public static FeedMessage encode(final Read read) {
        final FeedMessage.Builder message = FeedMessage.newBuilder();
        switch (read) {
            case final Trimmed trimmed -> message.setTrimmedTo(trimmed.oldest());
            case final Events events -> {
                message.setNext(events.next());
                events.events().forEach(event -> message.addEvents(encode(event)));
            }
        }
        return message.build();
    }

    public static Read decode(final FeedMessage message) {
        return message.hasTrimmedTo()
                ? new Trimmed(message.getTrimmedTo())
                : new Events(
                        message.getEventsList().stream().map(FeedCodec::decode).toList(), message.getNext());
    }

    private static EventNameMessage encode(final Name name) {
        return EventNameMessage.newBuilder()
                .setParent(name.parent())
                .setName(bytes(name.name()))
                .setPath(bytes(name.path()))
                .build();
    }

    private static Name decode(final EventNameMessage message) {
        return new Name(message.getParent(), key(message.getName()), key(message.getPath()));
    }

    static EventMessage encode(final ChangeEvent event) {
        final EventMessage.Builder message = EventMessage.newBuilder()
                .setPosition(event.position())
                .setType(TYPES.indexOf(event.type()))
                .setKind(KINDS.indexOf(event.kind()))
                .setOrigin(event.origin()
                        .map(origin -> ORIGINS.indexOf(origin) + 1)
                        .orElse(0))
                .setTimeNanos(event.timeNanos())
                .setInode(event.inode())
                .setSize(event.size())
                .setContentGeneration(event.contentGeneration())
                .setLinks(event.links())
                .setMode(event.mode())
                .setUid(event.uid())
                .setGid(event.gid())
                .setEtag(event.etag())
                .setVersion(event.version())
                .setOwner(event.owner())
                .setSession(event.session());
        event.name().ifPresent(name -> message.setName(encode(name)));
        event.oldName().ifPresent(name -> message.setOldName(encode(name)));
        event.xattr().ifPresent(xattr -> message.setXattr(bytes(xattr)));
        event.principal().ifPresent(message::setPrincipal);
        return message.build();
    }

    static ChangeEvent decode(final EventMessage message) {
        return new ChangeEvent(
                message.getPosition(),
                meaning(TYPES, message.getType()),
                meaning(KINDS, message.getKind()),
                message.getOrigin() == 0 ? Optional.empty() : Optional.of(meaning(ORIGINS, message.getOrigin() - 1)),
                message.getTimeNanos(),
                message.getInode(),
                message.hasName() ? Optional.of(decode(message.getName())) : Optional.empty(),
                message.hasOldName() ? Optional.of(decode(message.getOldName())) : Optional.empty(),
                message.getSize(),
                message.getContentGeneration(),
                message.getLinks(),
                message.getMode(),
                message.getUid(),
                message.getGid(),
                message.getEtag(),
                message.getVersion(),
                message.getOwner(),
                message.hasXattr() ? Optional.of(key(message.getXattr())) : Optional.empty(),
                message.getSession(),
                message.hasPrincipal() ? Optional.of(message.getPrincipal()) : Optional.empty());
    }
}
