package io.tarn.core.node;

import io.tarn.core.keeper.KeeperSettings;
import io.tarn.core.shard.ShardOptions;
import java.nio.file.Path;

/**
 * How an embedded node is set up.
 *
 * @param dataDirectory everything of the node, unless said otherwise below
 * @param logDirectory the Raft logs; a device of its own makes small writes faster
 * @param shards how shards behave
 * @param inlineMaxBytes contents up to this size ride in the log
 * @param bufferBytes direct memory for content on its way to and from disk
 * @param blockCacheBytes RocksDB's block cache
 * @param writeBufferBytes RocksDB's write buffers, all families together
 * @param reserveBytes free space below which nothing is written any more
 * @param shardCount groups that names are spread over; one is fastest on one disk. Never fewer than the data was made with
 * @param keepers background work
 */
public record NodeSettings(
        Path dataDirectory,
        Path logDirectory,
        ShardOptions shards,
        int inlineMaxBytes,
        long bufferBytes,
        long blockCacheBytes,
        long writeBufferBytes,
        long reserveBytes,
        int shardCount,
        KeeperSettings keepers) {
    private static final int INLINE_LIMIT_BYTES = 64 << 10;
    private static final int SHARDS_MAX = 64;

    public NodeSettings {
        if (inlineMaxBytes < 0 || inlineMaxBytes > INLINE_LIMIT_BYTES) {
            throw new IllegalArgumentException("inline contents have at most " + INLINE_LIMIT_BYTES + " bytes");
        }
        if (shardCount < 1 || shardCount > SHARDS_MAX) {
            throw new IllegalArgumentException("a node has 1 to " + SHARDS_MAX + " shards, not " + shardCount);
        }
    }

    /** The same with other shards. */
    public NodeSettings withShardCount(final int count) {
        return new NodeSettings(
                dataDirectory,
                logDirectory,
                shards,
                inlineMaxBytes,
                bufferBytes,
                blockCacheBytes,
                writeBufferBytes,
                reserveBytes,
                count,
                keepers);
    }

    public static NodeSettings defaults(final Path dataDirectory) {
        return new NodeSettings(
                dataDirectory,
                dataDirectory.resolve("log"),
                ShardOptions.defaults(),
                4 << 10,
                96L << 20,
                192L << 20,
                64L << 20,
                1L << 30,
                1,
                KeeperSettings.defaults());
    }

    /** The same with other background work. */
    public NodeSettings withKeepers(final KeeperSettings others) {
        return new NodeSettings(
                dataDirectory,
                logDirectory,
                shards,
                inlineMaxBytes,
                bufferBytes,
                blockCacheBytes,
                writeBufferBytes,
                reserveBytes,
                shardCount,
                others);
    }

    /** The same with other space kept free. */
    public NodeSettings withReserveBytes(final long bytes) {
        return new NodeSettings(
                dataDirectory,
                logDirectory,
                shards,
                inlineMaxBytes,
                bufferBytes,
                blockCacheBytes,
                writeBufferBytes,
                bytes,
                shardCount,
                keepers);
    }
}
