package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;

/** Goes through a range that another shard lent; to step beyond what was lent ends the command. Not thread-safe. */
final class BorrowedCursor implements Cursor {
    private final NavigableMap<byte[], byte[]> rows;
    private final byte[] from;
    private final byte[] toExclusive;
    /** Nothing is known of keys from here on. */
    private final byte[] lentUntil;

    private Map.Entry<byte[], byte[]> entry;

    BorrowedCursor(
            final NavigableMap<byte[], byte[]> rows,
            final byte[] from,
            final byte[] toExclusive,
            final byte[] lentUntil) {
        this.rows = rows;
        this.from = from;
        this.toExclusive = toExclusive;
        this.lentUntil = lentUntil;
        this.entry = rows.ceilingEntry(from);
    }

    @Override
    public boolean valid() {
        final boolean within = entry != null && Arrays.compareUnsigned(entry.getKey(), toExclusive) < 0;
        final boolean allLent = Arrays.compareUnsigned(lentUntil, toExclusive) >= 0;
        final boolean known = allLent || (entry != null && Arrays.compareUnsigned(entry.getKey(), lentUntil) < 0);
        if (!known) {
            throw new RowsElsewhere();
        }
        return within;
    }

    @Override
    public void next() {
        entry = rows.higherEntry(entry.getKey());
    }

    @Override
    public void seek(final byte[] key) {
        entry = rows.ceilingEntry(Arrays.compareUnsigned(key, from) < 0 ? from : key);
    }

    @Override
    public byte[] key() {
        return entry.getKey();
    }

    @Override
    public byte[] value() {
        return entry.getValue();
    }

    @Override
    public void close() {
        entry = null;
    }
}
