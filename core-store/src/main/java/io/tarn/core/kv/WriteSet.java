package io.tarn.core.kv;

/** Collects changes that are to be written together. Later changes to a key win over earlier ones. Not thread-safe. */
public interface WriteSet {
    void put(Family family, byte[] key, byte[] value);

    void delete(Family family, byte[] key);

    /** Deletes every key in {@code [from, toExclusive)} that was in the store before this set. */
    void deleteRange(Family family, byte[] from, byte[] toExclusive);
}
