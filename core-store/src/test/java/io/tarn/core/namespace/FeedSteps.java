package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.FeedEvent;
import java.util.ArrayList;
import java.util.List;

/** The events of a volume as they are stored. */
final class FeedSteps {
    private FeedSteps() {}

    static FeedEvent last(final KeyValueReader store, final long volume) {
        final List<FeedEvent> events = new ArrayList<>();
        FamilyRows.forEach(
                store,
                Families.FEED,
                Keys.of(volume),
                (key, value) -> events.add(Records.parse(FeedEvent.parser(), value)));
        return events.getLast();
    }
}
