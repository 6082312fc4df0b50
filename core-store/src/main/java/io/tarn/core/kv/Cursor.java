package io.tarn.core.kv;

/** A forward position in a range of keys. Not thread-safe; must be closed. */
public interface Cursor extends AutoCloseable {
    /** Whether the cursor stands on a key. */
    boolean valid();

    /** Moves to the next key. The cursor must be valid. */
    void next();

    /** Moves to the first key ≥ {@code key}, forwards or backwards, within the range of the cursor. */
    void seek(byte[] key);

    /** The key under the cursor, which must be valid. */
    byte[] key();

    /** The value under the cursor, which must be valid. */
    byte[] value();

    @Override
    void close();
}
