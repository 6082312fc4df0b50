package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.FeedRecord;

/** Feeds: the events kept are those counted, none lies where trims have been already, and every feed has its volume. */
final class FeedAudit {
    private final KeyValueReader store;
    private final Findings findings;

    FeedAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEach(
                store,
                Families.FEED_RECORD,
                (key, value) -> feed(Keys.lastLong(key), Records.parse(FeedRecord.parser(), value)));
        FamilyRows.forEachPrefix(
                store,
                Families.FEED,
                volume -> findings.expect(
                        Records.feed(store, volume).isPresent(),
                        "events are kept for volume %d, whose feed nobody trims",
                        volume));
    }

    private void feed(final long volume, final FeedRecord record) {
        final long[] counted = new long[2];
        FamilyRows.forEach(store, Families.FEED, Keys.of(volume), (key, value) -> {
            counted[0]++;
            counted[1] += Keys.lastLong(key) < record.getTrimmedBelow() ? 1 : 0;
        });
        findings.expect(
                counted[0] == record.getEvents(),
                "the feed of volume %d counts %d events, %d are kept",
                volume,
                record.getEvents(),
                counted[0]);
        findings.expect(counted[1] == 0, "%d events of volume %d lie where its feed was trimmed", counted[1], volume);
        findings.expect(
                record.getDropped() || Records.volume(store, volume).isPresent(),
                "the feed of volume %d is kept and the volume is gone",
                volume);
    }
}
