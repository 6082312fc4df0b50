package io.tarn.core.shard;

import java.time.Duration;

/**
 * How the shards of a node behave.
 *
 * @param lease how long an entry lets its leader answer reads, counted from before it was proposed; a new leader of several
 *     members answers nothing for as long
 * @param electionTimeout of groups of several members, least and random extra
 * @param proposalTimeout after which a command without an outcome fails
 * @param snapshotEntries after how many log entries the store is flushed and the log purged
 * @param snapshotBytes after how many bytes of log that happens
 * @param segmentBytes size of a log segment file
 */
public record ShardOptions(
        Duration lease,
        Duration electionTimeout,
        Duration proposalTimeout,
        long snapshotEntries,
        long snapshotBytes,
        long segmentBytes) {
    /** Largest entry of the log, and so largest command: what Ratis's write buffer of every group has to hold. */
    public static final int ENTRY_BYTES_MAX = 2 << 20;

    private static final long MIB = 1L << 20;

    public ShardOptions {
        if (lease.compareTo(electionTimeout) > 0) {
            throw new IllegalArgumentException(
                    "a lease of " + lease + " outlasts the election timeout of " + electionTimeout);
        }
        if (snapshotEntries < 1 || snapshotBytes < 1 || segmentBytes < ENTRY_BYTES_MAX) {
            throw new IllegalArgumentException("snapshots every " + snapshotEntries + " entries or " + snapshotBytes
                    + " bytes, segments of " + segmentBytes + " bytes");
        }
    }

    public static ShardOptions defaults() {
        return new ShardOptions(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(10), 100_000, 32 * MIB, 8 * MIB);
    }
}
