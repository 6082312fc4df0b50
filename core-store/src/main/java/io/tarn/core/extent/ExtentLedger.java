package io.tarn.core.extent;

/**
 * The names' side of an extent's life, kept by the shard that owns it. Calls block until the shard has committed, and may fail
 * with {@link io.tarn.core.StorageException}. Every call is idempotent under retry.
 *
 * <p>States: <em>open</em> (one writer appends) → <em>sealed</em> (length fixed; the writer may still commit names for what it
 * wrote) → <em>released</em> (no further names; what no name references is garbage and may be punched, moved, deleted).
 */
public interface ExtentLedger {
    /** A new open extent of {@code volume} for this writer's session, with the epoch that fences other writers. */
    Allocation allocate(long volume);

    /** Fixes the length: nothing at or beyond {@code length} was acknowledged, nothing will be appended. */
    void seal(ExtentId extent, long epoch, long length);

    /** The writer holds no uncommitted blocks in the sealed extent any more. */
    void release(ExtentId extent, long epoch);

    /**
     * @param extent its identity
     * @param epoch write epoch; appends that carry an older one are refused
     */
    record Allocation(ExtentId extent, long epoch) {}
}
