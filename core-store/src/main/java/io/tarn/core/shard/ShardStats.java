package io.tarn.core.shard;

/**
 * Counters of one shard on one node since it was opened.
 *
 * @param proposals commands accepted into the queue
 * @param entries log entries submitted, renewals of the lease included
 * @param commandsSubmitted commands in those entries; over {@code entries} it is the mean batch
 * @param queueDepth commands waiting now
 * @param inFlight entries submitted and without an outcome now
 * @param appliedIndex index of the last log entry applied
 * @param applyNanos time spent in applying entries
 * @param snapshotIndex log index up to which the store is known to be durable, -1 for none
 */
public record ShardStats(
        long proposals,
        long entries,
        long commandsSubmitted,
        int queueDepth,
        int inFlight,
        long appliedIndex,
        long applyNanos,
        long snapshotIndex) {}
