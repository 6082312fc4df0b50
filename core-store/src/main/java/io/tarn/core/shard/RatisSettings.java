package io.tarn.core.shard;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is configured, in one place. Its defaults spend 8 MB of direct memory and 200 MB of cache on every group. */
final class RatisSettings {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    /** Ratis's own fields around an entry. */
    private static final long ENTRY_OVERHEAD_BYTES = 64 * KIB;

    private static final long ENTRY_AND_OVERHEAD_BYTES = ShardOptions.ENTRY_BYTES_MAX + ENTRY_OVERHEAD_BYTES;
    /** Grown in steps, so that most syncs change no file size. */
    private static final long PREALLOCATED_BYTES = MIB;

    private static final long QUEUED_BYTES_MAX = 4 * ENTRY_AND_OVERHEAD_BYTES;
    private static final int QUEUED_ENTRIES_MAX = 64;
    private static final int CACHED_SEGMENTS_MAX = 2;
    private static final Duration RETRY_CACHE_EXPIRY = Duration.ofSeconds(10);
    private static final Duration FIRST_ELECTION_ALONE = Duration.ofMillis(2);
    private static final Duration ELECTION_ALONE = Duration.ofMillis(100);
    /** A pause longer than this is warned of, and the follower sleeps again before it stands for election. */
    private static final Duration SLEEP_DEVIATION = Duration.ofMillis(300);

    private RatisSettings() {}

    static RaftProperties properties(
            final ShardOptions options,
            final Path logDirectory,
            final String host,
            final int port,
            final boolean alone) {
        final RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(logDirectory.toFile()));
        GrpcConfigKeys.Server.setHost(properties, host);
        GrpcConfigKeys.Server.setPort(properties, port);
        GrpcConfigKeys.setMessageSizeMax(properties, size(QUEUED_BYTES_MAX));
        setLog(properties, options);
        setSnapshots(properties, options);
        setTimeouts(properties, options, alone);
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(RETRY_CACHE_EXPIRY));
        RaftServerConfigKeys.Write.setByteLimit(properties, size(QUEUED_BYTES_MAX));
        RaftServerConfigKeys.Write.setElementLimit(properties, QUEUED_ENTRIES_MAX);
        return properties;
    }

    /** Never {@code asyncFlush} nor {@code unsafeFlush}: they acknowledge entries that are not on the disk. */
    private static void setLog(final RaftProperties properties, final ShardOptions options) {
        Log.setSegmentSizeMax(properties, size(options.segmentBytes()));
        Log.setPreallocatedSize(properties, size(PREALLOCATED_BYTES));
        Log.setSegmentCacheNumMax(properties, CACHED_SEGMENTS_MAX);
        Log.setSegmentCacheSizeMax(properties, size(options.segmentBytes()));
        Log.setWriteBufferSize(properties, size(ENTRY_AND_OVERHEAD_BYTES + KIB));
        Log.Appender.setBufferByteLimit(properties, size(ENTRY_AND_OVERHEAD_BYTES));
        Log.Appender.setInstallSnapshotEnabled(properties, false);
        Log.setQueueByteLimit(properties, size(QUEUED_BYTES_MAX));
        Log.setQueueElementLimit(properties, QUEUED_ENTRIES_MAX);
        Log.setPurgeGap(properties, 1);
        // what a reachable follower still lacks is kept: only a shipped checkpoint could replace it
        Log.setPurgeUptoSnapshotIndex(properties, false);
        // entries that tell the commit index only help followers to start faster; each would be one more write
        Log.setLogMetadataEnabled(properties, false);
    }

    private static void setSnapshots(final RaftProperties properties, final ShardOptions options) {
        Snapshot.setAutoTriggerEnabled(properties, true);
        Snapshot.setAutoTriggerThreshold(properties, options.snapshotEntries());
        Snapshot.setCreationGap(properties, 1);
        Snapshot.setTriggerWhenRemoveEnabled(properties, false);
        Snapshot.setTriggerWhenStopEnabled(properties, true);
    }

    private static void setTimeouts(final RaftProperties properties, final ShardOptions options, final boolean alone) {
        final Duration least = alone ? ELECTION_ALONE : options.electionTimeout();
        final Duration first = alone ? FIRST_ELECTION_ALONE : options.electionTimeout();
        Rpc.setTimeoutMin(properties, time(least));
        Rpc.setTimeoutMax(properties, time(least.multipliedBy(2)));
        Rpc.setFirstElectionTimeoutMin(properties, time(first));
        Rpc.setFirstElectionTimeoutMax(properties, time(first.multipliedBy(2)));
        RaftServerConfigKeys.setSleepDeviationThreshold(properties, time(SLEEP_DEVIATION));
    }

    private static SizeInBytes size(final long bytes) {
        return SizeInBytes.valueOf(bytes);
    }

    private static TimeDuration time(final Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
