package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.ChangeEvent;
import io.tarn.client.ChangeEvent.Kind;
import io.tarn.client.ChangeEvent.Name;
import io.tarn.client.ChangeEvent.Origin;
import io.tarn.client.ChangeFeed.Events;
import io.tarn.client.ChangeFeed.Read;
import io.tarn.client.ChangeFeed.Trimmed;
import io.tarn.client.Key;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.ContentOrigin;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FeedEvent;
import io.tarn.core.namespace.wire.FeedRecord;
import io.tarn.core.namespace.wire.FileType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the change feed, for clients and for the keeper that trims it. Thread-safe over a frozen store. */
public final class FeedQueries {
    private final KeyValueReader store;

    public FeedQueries(final KeyValueReader store) {
        this.store = store;
    }

    /**
     * The position that every event of log entries behind {@code appliedIndex} comes after.
     *
     * @param lead the shard's {@link #lead} when that was the last entry applied
     */
    public static long endAfter(final long appliedIndex, final long lead) {
        return Transaction.firstGeneration(appliedIndex + lead + 1);
    }

    /** How far positions run before the log's index; it grows now and then. */
    public long lead() {
        return Transaction.lead(store);
    }

    /** What {@link io.tarn.client.ChangeFeed#read} says. */
    public Read read(final long volume, final long from, final int limit) {
        Lookup.volume(store, volume);
        final long oldest = trimmedBelow(volume);
        if (from != 0 && from < oldest) {
            return new Trimmed(oldest);
        }
        final List<ChangeEvent> events = new ArrayList<>();
        // A reader that has met nothing goes on from 1, not from the start again: it is to be told when it misses
        // something.
        long next = Math.max(1, Math.max(from, oldest));
        try (Cursor cursor = events(volume, next)) {
            for (; cursor.valid() && events.size() < limit; cursor.next()) {
                final long position = Keys.lastLong(cursor.key());
                events.add(event(position, Records.parse(FeedEvent.parser(), cursor.value())));
                next = position + 1;
            }
        }
        return new Events(events, next);
    }

    /** Whether {@link #read} would give anything but an empty page. */
    public boolean hasNews(final long volume, final long from) {
        Lookup.volume(store, volume);
        final long oldest = trimmedBelow(volume);
        if (from != 0 && from < oldest) {
            return true;
        }
        try (Cursor cursor = events(volume, Math.max(from, oldest))) {
            return cursor.valid();
        }
    }

    private long trimmedBelow(final long volume) {
        return Records.feed(store, volume).map(FeedRecord::getTrimmedBelow).orElse(0L);
    }

    private Cursor events(final long volume, final long from) {
        return store.scan(Families.FEED, Keys.of(volume, from), Keys.after(Keys.of(volume)));
    }

    /**
     * A feed as its keeper sees it.
     *
     * @param volume volume id
     * @param events events kept
     * @param dropped whether the volume is gone
     * @param oldestNanos time of the oldest event kept; the greatest possible where there is none
     */
    public record Kept(long volume, long events, boolean dropped, long oldestNanos) {}

    /** The feeds of up to {@code limit} volumes behind {@code afterVolume}. */
    public List<Kept> kept(final long afterVolume, final int limit) {
        final List<Kept> feeds = new ArrayList<>();
        try (Cursor cursor = store.scan(Families.FEED_RECORD, Keys.of(afterVolume + 1), new byte[0])) {
            for (; cursor.valid() && feeds.size() < limit; cursor.next()) {
                final long volume = Keys.lastLong(cursor.key());
                final FeedRecord record = Records.parse(FeedRecord.parser(), cursor.value());
                feeds.add(new Kept(volume, record.getEvents(), record.getDropped(), oldestNanos(volume, record)));
            }
        }
        return feeds;
    }

    private long oldestNanos(final long volume, final FeedRecord record) {
        try (Cursor cursor = events(volume, record.getTrimmedBelow())) {
            return cursor.valid()
                    ? Records.parse(FeedEvent.parser(), cursor.value()).getTimeNanos()
                    : Long.MAX_VALUE;
        }
    }

    private static ChangeEvent event(final long position, final FeedEvent event) {
        return new ChangeEvent(
                position,
                type(event.getType()),
                kind(event.getFileType()),
                origin(event.getOrigin()),
                event.getTimeNanos(),
                event.getInode(),
                name(event.getParent(), event.getName(), event.getPath()),
                name(event.getOldParent(), event.getOldName(), event.getOldPath()),
                event.getSize(),
                event.getContentGeneration(),
                event.getLinks(),
                event.getMode(),
                event.getUid(),
                event.getGid(),
                event.getEtag(),
                event.getVersion(),
                event.getOwner(),
                Optional.of(event.getXattr()).filter(name -> !name.isEmpty()).map(FeedQueries::key),
                event.getSession(),
                Optional.of(event.getPrincipal()).filter(principal -> !principal.isEmpty()));
    }

    private static Optional<Name> name(final long parent, final ByteString name, final ByteString path) {
        return parent == 0 ? Optional.empty() : Optional.of(new Name(parent, key(name), key(path)));
    }

    private static Key key(final ByteString bytes) {
        return Key.of(bytes.toByteArray());
    }

    private static ChangeEvent.Type type(final EventType type) {
        return switch (type) {
            case CREATED -> ChangeEvent.Type.CREATED;
            case CONTENT -> ChangeEvent.Type.CONTENT;
            case ATTRIBUTES -> ChangeEvent.Type.ATTRIBUTES;
            case REMOVED -> ChangeEvent.Type.REMOVED;
            case RENAMED -> ChangeEvent.Type.RENAMED;
            case DELETE_MARKER -> ChangeEvent.Type.DELETE_MARKER;
            case LINKED -> ChangeEvent.Type.LINKED;
            case TRUNCATED -> ChangeEvent.Type.TRUNCATED;
            case XATTR -> ChangeEvent.Type.XATTR;
            case DELEGATED -> ChangeEvent.Type.DELEGATED;
            case EVENT_TYPE_UNKNOWN, UNRECOGNIZED -> throw new IllegalStateException("an event of no known type");
        };
    }

    private static Optional<Origin> origin(final ContentOrigin origin) {
        return switch (origin) {
            case WRITTEN -> Optional.of(Origin.WRITTEN);
            case COPIED -> Optional.of(Origin.COPIED);
            case UPLOADED -> Optional.of(Origin.UPLOADED);
            case ORIGIN_UNKNOWN, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static Kind kind(final FileType type) {
        return switch (type) {
            case REGULAR -> Kind.FILE;
            case DIRECTORY -> Kind.DIRECTORY;
            case SYMLINK -> Kind.SYMLINK;
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> Kind.SPECIAL;
            case FILE_TYPE_UNKNOWN, UNRECOGNIZED -> throw new IllegalStateException("an event about no known kind");
        };
    }
}
