package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Intent;
import java.util.List;
import java.util.Optional;

/**
 * One shard's rows as queries may see them: a row of another shard is {@link RowsElsewhere}, one that a two-phase commit is about to
 * change is {@link RowsHeld}. Thread-safe as the reader is; a comparison a read while nothing is held.
 */
public final class GuardedReader implements KeyValueReader {
    private final KeyValueReader store;
    private final int shard;
    private final boolean anyHeld;

    public GuardedReader(final KeyValueReader store, final int shard) {
        this.store = store;
        this.shard = shard;
        this.anyHeld = Intents.any(store);
    }

    private void check(final Family family, final byte[] key) {
        if (Territory.isElsewhere(shard, family, key)) {
            throw new RowsElsewhere();
        }
        if (anyHeld) {
            final Optional<Intent> held = Territory.entity(family, key)
                    .flatMap(entity -> Intents.against(store, entity, /* writing= */ false));
            held.ifPresent(intent -> {
                throw new RowsHeld(intent);
            });
        }
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        check(family, key);
        return store.get(family, key);
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        keys.forEach(key -> check(family, key));
        return store.multiGet(family, keys);
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        check(family, from);
        return store.scan(family, from, toExclusive);
    }
}
