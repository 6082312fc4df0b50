package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.namespace.wire.DelegationRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directories that sessions hold, by directory and by session. A counter tells in one read that there are none.
 *
 * <p>See docs/decisions/0022-delegations.md.
 */
final class Delegations {
    static final byte[] COUNT = {'d'};

    private Delegations() {}

    static boolean any(final KeyValueReader store) {
        return count(store) > 0;
    }

    static long count(final KeyValueReader store) {
        return store.get(Families.META, COUNT).map(Keys::lastLong).orElse(0L);
    }

    static Optional<DelegationRecord> of(final KeyValueReader store, final long directory) {
        return Records.get(store, Families.DELEGATION, Keys.of(directory), DelegationRecord.parser());
    }

    /** Directories that a session holds, at most {@code max}. */
    static List<Long> heldBy(final KeyValueReader store, final long session, final int max) {
        final List<Long> held = new ArrayList<>();
        final byte[] prefix = Keys.of(session);
        try (Cursor cursor = store.scan(Families.DELEGATED, prefix, Keys.after(prefix))) {
            for (; cursor.valid() && held.size() < max; cursor.next()) {
                held.add(Keys.lastLong(cursor.key()));
            }
        }
        return held;
    }

    static <T extends KeyValueReader & WriteSet> void grant(
            final T store, final long directory, final DelegationRecord delegation) {
        store.put(Families.DELEGATION, Keys.of(directory), delegation.toByteArray());
        store.put(Families.DELEGATED, Keys.of(delegation.getSession(), directory), new byte[0]);
        add(store, 1);
    }

    /** Ends the delegation of a directory, whosever it is, if there is one. */
    static <T extends KeyValueReader & WriteSet> void end(final T store, final long directory) {
        of(store, directory).ifPresent(delegation -> {
            store.delete(Families.DELEGATION, Keys.of(directory));
            store.delete(Families.DELEGATED, Keys.of(delegation.getSession(), directory));
            add(store, -1);
        });
    }

    private static <T extends KeyValueReader & WriteSet> void add(final T store, final long by) {
        final long count = count(store) + by;
        if (count < 0) {
            throw new IllegalStateException("more delegations ended than there were");
        }
        store.put(Families.META, COUNT, Keys.of(count));
    }
}
