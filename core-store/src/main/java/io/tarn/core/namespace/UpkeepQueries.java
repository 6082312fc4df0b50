package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the keepers of sessions and of answered completions read. Thread-safe over a frozen store. */
public final class UpkeepQueries {
    private final KeyValueReader store;

    public UpkeepQueries(final KeyValueReader store) {
        this.store = store;
    }

    /** Up to {@code limit} sessions that the shard knows, behind {@code after}. */
    public List<Long> sessions(final long after, final int limit) {
        final List<Long> sessions = new ArrayList<>();
        try (Cursor cursor = store.scan(Families.SESSION, Keys.of(after + 1), new byte[0])) {
            for (; cursor.valid() && sessions.size() < limit; cursor.next()) {
                sessions.add(Keys.lastLong(cursor.key()));
            }
        }
        return sessions;
    }

    /** When the oldest upload was completed whose completion is still remembered. */
    public Optional<Long> oldestCompletionNanos() {
        final byte[] from =
                store.get(Families.META, Transaction.FORGOTTEN_COMPLETIONS).orElse(Keys.of(0));
        try (Cursor cursor = store.scan(Families.COMPLETION, from, new byte[0])) {
            return cursor.valid() ? Optional.of(Keys.longAt(cursor.key(), 0)) : Optional.empty();
        }
    }
}
