package io.tarn.core.kv;

/** A forward position in a range of keys. Not thread-safe; must be closed. */
public interface Cursor extends AutoCloseable {
    /** Whether the cursor stands on a key. */
    boolean valid();

    /** Moves to the next key. */
    void next();

    /** Moves to the first key ≥ {@code key}, forwards or backwards, within the range of the cursor. */
    void seek(byte[] key);

    byte[] key();

    byte[] value();

    @Override
    void close();
}
