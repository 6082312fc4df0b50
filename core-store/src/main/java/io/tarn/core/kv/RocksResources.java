package io.tarn.core.kv;

import org.rocksdb.Cache;
import org.rocksdb.HyperClockCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all {@link RocksStore}s of a node share: one block cache, and one bound on what lies in write buffers. Must
 * outlive the stores.
 */
public final class RocksResources implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    /** The cache finds out how large its entries are, and how many shards it needs. */
    private static final long ENTRY_BYTES_BY_ITSELF = 0;

    private static final int SHARDS_BY_ITSELF = -1;

    private final Cache blockCache;
    private final WriteBufferManager writeBuffers;
    private final Sizes sizes;

    public RocksResources(final Sizes sizes) {
        this.sizes = sizes;
        this.blockCache = new HyperClockCache(sizes.blockCacheBytes(), ENTRY_BYTES_BY_ITSELF, SHARDS_BY_ITSELF, false);
        this.writeBuffers = new WriteBufferManager(sizes.writeBuffersBytes(), blockCache);
    }

    Cache blockCache() {
        return blockCache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    Sizes sizes() {
        return sizes;
    }

    @Override
    public void close() {
        writeBuffers.close();
        blockCache.close();
    }

    /**
     * @param blockCacheBytes of data, index and filter blocks together; what lies in write buffers is charged to it too
     * @param writeBuffersBytes above which a store begins to flush
     */
    public record Sizes(long blockCacheBytes, long writeBuffersBytes) {
        private static final long MIB = 1L << 20;

        public Sizes {
            if (blockCacheBytes < MIB || writeBuffersBytes < MIB) {
                throw new IllegalArgumentException(
                        "cache of " + blockCacheBytes + " and write buffers of " + writeBuffersBytes + " bytes");
            }
        }

        public static Sizes defaults() {
            return new Sizes(64 * MIB, 64 * MIB);
        }
    }
}
