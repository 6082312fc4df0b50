package io.tarn.core.control;

import io.tarn.client.Usage;

/**
 * The shards' half of volumes. Every call is idempotent, for all are repeated after a crash or a lost reply. Thread-safe; calls block.
 */
public interface VolumeRoots {
    /**
     * Makes the root directory and the policy, or finds those made by an earlier call for this id.
     *
     * @return inode of the root directory, the same at every call
     */
    long create(int shard, long volumeId, VolumePolicy policy);

    /**
     * Drops the root directory of an empty volume; after that, and when there is none, does nothing. A failure other than
     * {@code NOT_EMPTY} leaves it open whether it is dropped.
     *
     * @throws io.tarn.core.StorageException {@link io.tarn.core.Failure#NOT_EMPTY} while any entry, version or unfinished upload is in it
     */
    void deleteIfEmpty(int shard, long volumeId);

    /** What the volume uses; nothing when it does not exist. */
    Usage usage(int shard, long volumeId);

    /** Makes the shard rule by this policy from now on. */
    void setPolicy(int shard, long volumeId, VolumePolicy policy);

    /** Makes shards that came after the volume know it; looks and does nothing where all do. */
    void makeKnown(int shard, long volumeId, VolumePolicy policy);
}
