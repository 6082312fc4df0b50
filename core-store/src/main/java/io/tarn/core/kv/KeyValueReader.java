package io.tarn.core.kv;

import java.util.List;
import java.util.Optional;

/**
 * Point and range reads in unsigned byte order of keys. Thread-safe unless an implementation says otherwise. Arrays that are
 * returned may be shared with the store: they must not be changed.
 */
public interface KeyValueReader {
    Optional<byte[]> get(Family family, byte[] key);

    /** Values in the order of the keys asked for. One call into the store, whatever the number of keys. */
    List<Optional<byte[]>> multiGet(Family family, List<byte[]> keys);

    /**
     * Opens a cursor at the first key ≥ {@code from}. It sees the store as it was when it was opened.
     *
     * @param toExclusive end of the range; an empty array means the end of the family
     */
    Cursor scan(Family family, byte[] from, byte[] toExclusive);
}
