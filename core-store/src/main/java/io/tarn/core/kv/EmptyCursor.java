package io.tarn.core.kv;

import java.util.NoSuchElementException;

/** Stands in a range that can hold no key, which RocksDB would not be asked about. */
enum EmptyCursor implements Cursor {
    INSTANCE;

    @Override
    public boolean valid() {
        return false;
    }

    @Override
    public void next() {
        throw new NoSuchElementException("empty range");
    }

    @Override
    public void seek(final byte[] key) {
        // every position of an empty range is its end
    }

    @Override
    public byte[] key() {
        throw new NoSuchElementException("empty range");
    }

    @Override
    public byte[] value() {
        throw new NoSuchElementException("empty range");
    }

    @Override
    public void close() {
        // nothing is held
    }
}
