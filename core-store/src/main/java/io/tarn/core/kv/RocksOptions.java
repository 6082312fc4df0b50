package io.tarn.core.kv;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksObject;

/** How a {@link RocksStore} is tuned, in one place. Holds the native option objects until the store closes. */
final class RocksOptions implements AutoCloseable {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final long BLOCK_BYTES = 8 * KIB;
    /** Entries per slot of the hash index in a data block, which spares point reads the binary search there. */
    private static final double DATA_BLOCK_HASH_LOAD = 0.75;

    private static final long BLOB_BYTES_MIN = 512;
    private static final long BLOB_FILE_BYTES = 64 * MIB;
    private static final long TABLE_FILE_BYTES = 16 * MIB;
    /** Of one family; what all families of a node hold together is bounded by {@link RocksResources}. */
    private static final long WRITE_BUFFER_BYTES = 16 * MIB;

    private static final long INFO_LOG_BYTES_MAX = 4 * MIB;
    private static final int INFO_LOG_FILES_MAX = 2;
    private static final int OPEN_FILES_MAX = 1_024;
    private static final int BACKGROUND_JOBS_MAX = 2;

    private final RocksResources resources;
    private final List<RocksObject> owned = new ArrayList<>();

    RocksOptions(final RocksResources resources) {
        this.resources = resources;
    }

    /**
     * There is no write-ahead log, so what a crash leaves of the families must be of one moment: hence atomic flush, which
     * writes all of them and installs them by one edit of the manifest.
     */
    DBOptions database() {
        return own(new DBOptions())
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setWriteBufferManager(resources.writeBuffers())
                .setMaxBackgroundJobs(BACKGROUND_JOBS_MAX)
                .setMaxOpenFiles(OPEN_FILES_MAX)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
                .setKeepLogFileNum(INFO_LOG_FILES_MAX)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    ColumnFamilyOptions family(final Family family) {
        final ColumnFamilyOptions options = own(new ColumnFamilyOptions())
                .setWriteBufferSize(
                        Math.min(WRITE_BUFFER_BYTES, resources.sizes().writeBuffersBytes()))
                .setLevelCompactionDynamicLevelBytes(true)
                .setTargetFileSizeBase(TABLE_FILE_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(resources.blockCache())
                        .setBlockSize(BLOCK_BYTES)
                        .setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)))
                        .setWholeKeyFiltering(true)
                        .setIndexType(IndexType.kBinarySearch)
                        .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                        .setDataBlockHashTableUtilRatio(DATA_BLOCK_HASH_LOAD)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFormatVersion(5));
        if (family.prefixLength() > 0) {
            options.useFixedLengthPrefixExtractor(family.prefixLength()).setMemtablePrefixBloomSizeRatio(0.05);
        }
        if (family.largeValues()) {
            options.setEnableBlobFiles(true)
                    .setMinBlobSize(BLOB_BYTES_MIN)
                    .setBlobFileSize(BLOB_FILE_BYTES)
                    .setBlobCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setEnableBlobGarbageCollection(true);
        }
        return options;
    }

    private <T extends RocksObject> T own(final T object) {
        owned.add(object);
        return object;
    }

    @Override
    public void close() {
        owned.reversed().forEach(RocksObject::close);
    }
}
