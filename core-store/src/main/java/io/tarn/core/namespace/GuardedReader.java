package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Intent;
import java.util.List;
import java.util.Optional;

/**
 * One shard's rows as a session's queries may see them: a row of another shard is {@link RowsElsewhere}, one that a two-phase commit is
 * about to change is {@link RowsHeld}, one that another session holds by a delegation is {@link Visited}. Thread-safe as the reader is; two
 * comparisons a read while nothing is held.
 */
public final class GuardedReader implements KeyValueReader {
    private final KeyValueReader store;
    private final int shard;
    private final boolean anyHeld;
    private final boolean anyDelegated;
    private final DelegationGuard guard;

    /** @param session on whose behalf is read */
    public GuardedReader(final KeyValueReader store, final int shard, final long session) {
        this.store = store;
        this.shard = shard;
        this.anyHeld = Intents.any(store);
        this.anyDelegated = Delegations.any(store);
        this.guard = new DelegationGuard(store, shard, session);
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
        if (anyDelegated) {
            guard.check(family, key);
        }
    }

    private Optional<byte[]> checked(final Family family, final Optional<byte[]> value) {
        if (anyDelegated) {
            guard.value(family, value);
        }
        return value;
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        check(family, key);
        return checked(family, store.get(family, key));
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        keys.forEach(key -> check(family, key));
        final List<Optional<byte[]>> values = store.multiGet(family, keys);
        values.forEach(value -> checked(family, value));
        return values;
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        check(family, from);
        return store.scan(family, from, toExclusive);
    }
}
