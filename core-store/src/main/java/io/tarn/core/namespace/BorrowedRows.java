package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.Territory.Entity;
import io.tarn.core.namespace.wire.BorrowedRecord;
import io.tarn.core.namespace.wire.EntityReference;
import io.tarn.core.namespace.wire.Row;
import io.tarn.core.namespace.wire.RowRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A shard's own rows and, while a two-phase commit is decided, those that its participants lent. Any other row is {@link RowsElsewhere}.
 * Confined to the applying thread.
 */
final class BorrowedRows implements KeyValueReader {
    private final KeyValueReader own;
    private final int shard;
    private final Map<Family, NavigableMap<byte[], Optional<byte[]>>> rows = new HashMap<>();
    private final Map<Family, List<Range>> ranges = new HashMap<>();
    private final Set<Entity> writable = new HashSet<>();
    /** Inodes that other shards set aside for this transaction: they have no rows yet. */
    private final Set<Entity> reserved = new HashSet<>();

    private record Range(byte[] from, byte[] to) {}

    BorrowedRows(final KeyValueReader own, final int shard) {
        this.own = own;
        this.shard = shard;
    }

    void borrow(final List<BorrowedRecord> records) {
        for (final BorrowedRecord record : records) {
            record.getRowsList().forEach(this::add);
            for (final RowRange range : record.getRangesList()) {
                ranges.computeIfAbsent(Families.named(range.getFamily()), family -> new ArrayList<>())
                        .add(new Range(
                                range.getFrom().toByteArray(), range.getTo().toByteArray()));
                range.getRowsList().forEach(this::add);
            }
            record.getEntitiesList().stream()
                    .filter(EntityReference::getExclusive)
                    .forEach(entity -> writable.add(Intents.entity(entity)));
            record.getReservedInodesList().forEach(id -> reserved.add(new Entity(Territory.Kind.INODE, id)));
        }
    }

    private void add(final Row row) {
        rows.computeIfAbsent(Families.named(row.getFamily()), family -> new TreeMap<>(Arrays::compareUnsigned))
                .put(
                        row.getKey().toByteArray(),
                        row.getAbsent()
                                ? Optional.empty()
                                : Optional.of(row.getValue().toByteArray()));
    }

    void giveBack() {
        rows.clear();
        ranges.clear();
        writable.clear();
        reserved.clear();
    }

    /** Whether a row may be changed here: an own one, or one of an entity lent for writing. */
    boolean mayWrite(final Family family, final byte[] key) {
        return !Territory.isElsewhere(shard, family, key)
                || Territory.entity(family, key)
                        .filter(entity -> writable.contains(entity) || reserved.contains(entity))
                        .isPresent();
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        if (!Territory.isElsewhere(shard, family, key)) {
            return own.get(family, key);
        }
        final NavigableMap<byte[], Optional<byte[]>> lent = rows.get(family);
        final Optional<byte[]> known = lent == null ? null : lent.get(key);
        if (known != null) {
            return known;
        }
        if (isCovered(family, key) || isNew(family, key)) {
            return Optional.empty();
        }
        throw new RowsElsewhere();
    }

    private boolean isCovered(final Family family, final byte[] key) {
        return ranges.getOrDefault(family, List.of()).stream()
                .anyMatch(range ->
                        Arrays.compareUnsigned(range.from(), key) <= 0 && Arrays.compareUnsigned(key, range.to()) < 0);
    }

    private boolean isNew(final Family family, final byte[] key) {
        return Territory.entity(family, key).filter(reserved::contains).isPresent();
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        return keys.stream().map(key -> get(family, key)).toList();
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        if (!Territory.isElsewhere(shard, family, from)) {
            return own.scan(family, from, toExclusive);
        }
        final NavigableMap<byte[], byte[]> present = new TreeMap<>(Arrays::compareUnsigned);
        rows.getOrDefault(family, new TreeMap<>(Arrays::compareUnsigned))
                .subMap(from, true, toExclusive, false)
                .forEach((key, value) -> value.ifPresent(bytes -> present.put(key, bytes)));
        final byte[] end = isNew(family, from) ? toExclusive : coveredUntil(family, from);
        return new BorrowedCursor(present, from, toExclusive, end);
    }

    private byte[] coveredUntil(final Family family, final byte[] from) {
        byte[] end = from;
        for (final Range range : ranges.getOrDefault(family, List.of())) {
            if (Arrays.compareUnsigned(range.from(), from) <= 0 && Arrays.compareUnsigned(range.to(), end) > 0) {
                end = range.to();
            }
        }
        return end;
    }
}
