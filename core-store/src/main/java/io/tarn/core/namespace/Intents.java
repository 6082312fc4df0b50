package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.namespace.Territory.Entity;
import io.tarn.core.namespace.wire.EntityReference;
import io.tarn.core.namespace.wire.Intent;
import io.tarn.core.namespace.wire.TransactionId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What two-phase commits hold of a shard. Shared intents let others read an entity, exclusive ones let nobody. A counter tells in one
 * read that nothing is held, which is nearly always.
 *
 * <pre>
 * intent  kind(1) id(8) session(8) number(8)
 * </pre>
 */
final class Intents {
    static final byte[] COUNT = {'h'};

    private Intents() {}

    static boolean any(final KeyValueReader store) {
        return count(store) > 0;
    }

    static long count(final KeyValueReader store) {
        return store.get(Families.META, COUNT).map(Keys::lastLong).orElse(0L);
    }

    /** An intent that forbids reading the entity, or writing it. */
    static Optional<Intent> against(final KeyValueReader store, final Entity entity, final boolean writing) {
        final byte[] prefix = prefix(entity).array();
        try (Cursor cursor = store.scan(Families.INTENT, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                final Intent intent = Records.parse(Intent.parser(), cursor.value());
                if (writing || intent.getExclusive()) {
                    return Optional.of(intent);
                }
            }
        }
        return Optional.empty();
    }

    static <T extends KeyValueReader & WriteSet> void hold(final T store, final Entity entity, final Intent intent) {
        store.put(Families.INTENT, key(entity, intent.getTransaction()), intent.toByteArray());
        add(store, 1);
    }

    static <T extends KeyValueReader & WriteSet> void letGo(
            final T store, final Entity entity, final TransactionId transaction) {
        store.delete(Families.INTENT, key(entity, transaction));
        add(store, -1);
    }

    private static <T extends KeyValueReader & WriteSet> void add(final T store, final long by) {
        final long count = count(store) + by;
        if (count < 0) {
            throw new IllegalStateException("more intents let go than were held");
        }
        store.put(Families.META, COUNT, Keys.of(count));
    }

    static Entity entity(final EntityReference reference) {
        return new Entity(Territory.Kind.of(reference.getKind()), reference.getId());
    }

    static EntityReference reference(final Entity entity, final boolean exclusive) {
        return EntityReference.newBuilder()
                .setKind(entity.kind().code())
                .setId(entity.id())
                .setExclusive(exclusive)
                .build();
    }

    private static byte[] key(final Entity entity, final TransactionId transaction) {
        return ByteBuffer.allocate(1 + 3 * Long.BYTES)
                .put(prefix(entity).array())
                .putLong(transaction.getSession())
                .putLong(transaction.getNumber())
                .array();
    }

    private static ByteBuffer prefix(final Entity entity) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) entity.kind().code())
                .putLong(entity.id());
    }
}
