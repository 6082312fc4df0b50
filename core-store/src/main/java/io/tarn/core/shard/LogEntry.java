package io.tarn.core.shard;

import java.util.List;
import java.util.Objects;

/**
 * One entry of a shard's log: several commands that were waiting at the same time and share one fsync.
 *
 * @param index Raft log index, strictly increasing
 * @param timeNanos time in nanoseconds since the epoch, stamped by the leader; never less than that of an earlier entry
 * @param commands opaque to the shard
 */
public record LogEntry(long index, long timeNanos, List<byte[]> commands) {
    public LogEntry {
        Objects.requireNonNull(commands);
    }
}
