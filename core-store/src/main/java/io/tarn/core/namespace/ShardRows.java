package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.Overlay;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.namespace.wire.BorrowedRecord;
import io.tarn.core.namespace.wire.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows that the commands of one log entry work on: the shard's, under what earlier commands of the entry changed. A command that
 * touches a row of another shard, an entity that a two-phase commit holds, or what another session holds by a delegation, ends there with
 * {@link RowsElsewhere}, {@link RowsHeld} or {@link Visited}; so no command need know whether what it works on lies in one shard, and is free.
 *
 * <p>Cost over the overlay's own: a comparison of the shard in the key, and nothing more while no intents and delegations exist.
 */
final class ShardRows implements KeyValueReader, WriteSet {
    private final Overlay overlay;
    private final BorrowedRows borrowed;
    private final int shard;
    private final boolean guarded;
    private boolean anyHeld;
    private boolean anyDelegated;
    /** Of the command that is carried out; empty for one that no delegation stops. */
    private Optional<DelegationGuard> guard = Optional.empty();

    ShardRows(final KeyValueReader store, final int shard) {
        this.borrowed = new BorrowedRows(store, shard);
        this.overlay = new Overlay(borrowed);
        this.shard = shard;
        this.guarded = true;
        this.anyHeld = Intents.any(store);
        this.anyDelegated = Delegations.any(store);
    }

    private ShardRows(final Footprint footprint, final int shard) {
        this.borrowed = new BorrowedRows(footprint, shard);
        this.overlay = new Overlay(footprint);
        this.shard = shard;
        this.guarded = false;
    }

    /** Rows of all shards, to try a command on that is not carried out. */
    static ShardRows forecast(final Footprint footprint, final int coordinator) {
        return new ShardRows(footprint, coordinator);
    }

    /** The rows without guard, for the commands that hold and let go. */
    Overlay unguarded() {
        return overlay;
    }

    /** To be called when intents were made or ended. */
    void intentsChanged() {
        anyHeld = Intents.any(overlay);
    }

    /** To be called when directories were delegated. */
    void delegationsChanged() {
        anyDelegated = Delegations.any(overlay);
    }

    /** The next command is of this session. */
    void watchFor(final long session) {
        guard = Optional.of(new DelegationGuard(overlay, shard, session));
    }

    /** The next command goes past delegations. */
    void watchForNobody() {
        guard = Optional.empty();
    }

    /**
     * The rows as a command of nobody would see them: for what lies above a directory. Holders never promise to move one, so that does not
     * change behind anybody's back.
     */
    KeyValueReader above() {
        return new Above();
    }

    private final class Above implements KeyValueReader {
        @Override
        public Optional<byte[]> get(final Family family, final byte[] key) {
            toRead(family, key);
            return overlay.get(family, key);
        }

        @Override
        public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
            return keys.stream().map(key -> get(family, key)).toList();
        }

        @Override
        public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
            toRead(family, from);
            return overlay.scan(family, from, toExclusive);
        }
    }

    private void visit(final Family family, final byte[] key) {
        if (anyDelegated && guard.isPresent()) {
            guard.get().check(family, key);
        }
    }

    private Optional<byte[]> visited(final Family family, final Optional<byte[]> value) {
        if (anyDelegated && guard.isPresent()) {
            guard.get().value(family, value);
        }
        return value;
    }

    int mark() {
        return overlay.mark();
    }

    void rollback(final int mark) {
        overlay.rollback(mark);
        anyHeld = anyHeld || Intents.any(overlay);
        anyDelegated = anyDelegated || Delegations.any(overlay);
    }

    void drainTo(final WriteSet changes) {
        overlay.drainTo(changes);
    }

    void borrow(final List<BorrowedRecord> records) {
        borrowed.borrow(records);
    }

    /** Takes the changes of other shards' rows since {@code mark} out, by shard, and gives back what was borrowed. */
    Map<Integer, List<Row>> takeElsewhere(final int mark) {
        final Map<Integer, List<Row>> elsewhere = new TreeMap<>();
        final List<Overlay.Change> own = new ArrayList<>();
        for (final Overlay.Change change : overlay.changesSince(mark)) {
            if (Territory.isElsewhere(shard, change.family(), change.key())) {
                elsewhere
                        .computeIfAbsent(Territory.shardOf(Keys.longAt(change.key(), 0)), other -> new ArrayList<>())
                        .add(TwoPhaseRows.row(change.family(), change.key(), change.value()));
            } else {
                own.add(change);
            }
        }
        if (!elsewhere.isEmpty()) {
            overlay.rollback(mark);
            own.forEach(change -> change.applyTo(overlay));
        }
        return elsewhere;
    }

    void giveBack() {
        borrowed.giveBack();
    }

    private void toRead(final Family family, final byte[] key) {
        if (anyHeld) {
            refuse(family, key, /* writing= */ false);
        }
    }

    private void toWrite(final Family family, final byte[] key) {
        if (guarded && !borrowed.mayWrite(family, key)) {
            throw new RowsElsewhere();
        }
        if (anyHeld) {
            refuse(family, key, /* writing= */ true);
        }
        visit(family, key);
    }

    private void refuse(final Family family, final byte[] key, final boolean writing) {
        if (!Territory.isElsewhere(shard, family, key)) {
            Territory.entity(family, key)
                    .flatMap(entity -> Intents.against(overlay, entity, writing))
                    .ifPresent(intent -> {
                        throw new RowsHeld(intent);
                    });
        }
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        toRead(family, key);
        visit(family, key);
        return visited(family, overlay.get(family, key));
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        return keys.stream().map(key -> get(family, key)).toList();
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        toRead(family, from);
        visit(family, from);
        return overlay.scan(family, from, toExclusive);
    }

    @Override
    public void put(final Family family, final byte[] key, final byte[] value) {
        toWrite(family, key);
        overlay.put(family, key, value);
    }

    @Override
    public void delete(final Family family, final byte[] key) {
        toWrite(family, key);
        overlay.delete(family, key);
    }

    @Override
    public void deleteRange(final Family family, final byte[] from, final byte[] toExclusive) {
        toWrite(family, from);
        overlay.deleteRange(family, from, toExclusive);
    }
}
