package io.tarn.core.kv;

/**
 * Collects changes that are to be written together. Later changes to a key win over earlier ones. Arrays handed over belong to
 * the set and must not be changed afterwards. Not thread-safe.
 */
public interface WriteSet {
    void put(Family family, byte[] key, byte[] value);

    void delete(Family family, byte[] key);

    /**
     * Deletes every key in {@code [from, toExclusive)}, those put earlier in this set included.
     *
     * @param toExclusive must not be empty: a range to the end of a family is not offered
     */
    void deleteRange(Family family, byte[] from, byte[] toExclusive);
}
