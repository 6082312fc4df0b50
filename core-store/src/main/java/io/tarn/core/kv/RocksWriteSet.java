package io.tarn.core.kv;

import java.util.Map;
import java.util.Objects;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Fills a native batch. */
record RocksWriteSet(Map<Family, ColumnFamilyHandle> handles, WriteBatch batch) implements WriteSet {
    @Override
    public void put(final Family family, final byte[] key, final byte[] value) {
        try {
            batch.put(handle(family), key, value);
        } catch (final RocksDBException e) {
            throw RocksFailure.of("adding to a batch", e);
        }
    }

    @Override
    public void delete(final Family family, final byte[] key) {
        try {
            batch.delete(handle(family), key);
        } catch (final RocksDBException e) {
            throw RocksFailure.of("adding to a batch", e);
        }
    }

    @Override
    public void deleteRange(final Family family, final byte[] from, final byte[] toExclusive) {
        if (toExclusive.length == 0) {
            throw new IllegalArgumentException("range without an end in " + family.name());
        }
        if (KeyRange.isEmpty(from, toExclusive)) {
            return;
        }
        try {
            batch.deleteRange(handle(family), from, toExclusive);
        } catch (final RocksDBException e) {
            throw RocksFailure.of("adding to a batch", e);
        }
    }

    private ColumnFamilyHandle handle(final Family family) {
        return Objects.requireNonNull(handles.get(family), () -> "no family " + family);
    }
}
