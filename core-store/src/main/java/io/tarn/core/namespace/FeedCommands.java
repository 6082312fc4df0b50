package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.FeedEvent;
import io.tarn.core.namespace.wire.FeedRecord;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.TrimFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Retention of the change feed, in steps so that no log entry takes long. A trim begins where the last one ended: the tombstones
 * it left are never passed over.
 */
final class FeedCommands {
    /** Events that one command drops. */
    static final int TRIM_EVENTS_MAX = 2_000;

    private final Transaction transaction;

    FeedCommands(final Transaction transaction) {
        this.transaction = transaction;
    }

    Reply trim(final TrimFeed command) {
        final Optional<FeedRecord> found = Records.feed(transaction.store, command.getVolume());
        return found.isEmpty() ? Replies.progress(false) : trim(command, found.get());
    }

    private Reply trim(final TrimFeed command, final FeedRecord record) {
        final long volume = command.getVolume();
        final List<byte[]> old = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(
                Families.FEED, Keys.of(volume, record.getTrimmedBelow()), Keys.after(Keys.of(volume)))) {
            while (cursor.valid()
                    && old.size() < TRIM_EVENTS_MAX
                    && (record.getDropped()
                            || record.getEvents() - old.size() > command.getKeepEvents()
                            || Records.parse(FeedEvent.parser(), cursor.value()).getTimeNanos()
                                    < command.getBeforeNanos())) {
                old.add(cursor.key());
                cursor.next();
            }
        }
        old.forEach(key -> transaction.store.delete(Families.FEED, key));
        final FeedRecord.Builder trimmed = record.toBuilder().setEvents(record.getEvents() - old.size());
        if (!old.isEmpty()) {
            trimmed.setTrimmedBelow(Keys.lastLong(old.getLast()) + 1);
        }
        put(volume, trimmed.build());
        return Replies.progress(old.size() == TRIM_EVENTS_MAX);
    }

    /** The volume is gone: its events are for nobody, and go in steps. */
    void dropVolume(final long volume) {
        Records.feed(transaction.store, volume)
                .ifPresent(record ->
                        put(volume, record.toBuilder().setDropped(true).build()));
        transaction.news(volume);
    }

    /** A volume is made again under an id whose events are not all gone yet. */
    void createVolume(final long volume) {
        Records.feed(transaction.store, volume)
                .filter(FeedRecord::getDropped)
                .ifPresent(record ->
                        put(volume, record.toBuilder().setDropped(false).build()));
    }

    private void put(final long volume, final FeedRecord record) {
        if (record.getDropped() && record.getEvents() == 0) {
            transaction.store.delete(Families.FEED_RECORD, Keys.of(volume));
        } else {
            transaction.put(Families.FEED_RECORD, Keys.of(volume), record);
        }
    }
}
