package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.FileLayer;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads blocks of extents whose files belong to a store in another process. Blocks that names refer to do not change, so nothing has to be
 * agreed with that store; who reads holds a pin there. Thread-safe; a read is what it costs the store itself.
 */
public final class ExtentFiles implements AutoCloseable {
    /** Files kept open between reads. */
    static final int IDLE_MAX = 128;

    private static final long SCRATCH_BYTES = 2L * BufferPool.MAX_BUFFER_BYTES;

    private final OpenFiles files;
    private final BlockReader reader = new BlockReader(new BufferPool(SCRATCH_BYTES));

    /** @param root where the extents lie */
    public ExtentFiles(final FileLayer layer, final Path root) {
        this.files = new OpenFiles(layer, new ExtentDirectory(layer, root), IDLE_MAX);
    }

    /**
     * Reads and proves as {@link ExtentStore#read} does.
     *
     * @throws StorageException {@code CORRUPT} too when the file is another by now
     */
    public void read(final Block block, final int from, final int length, final ByteBuffer destination) {
        if (!RecordFormat.plausibleLength(block.length())) {
            throw BlockReader.corrupt(block, "no record is that long");
        }
        if (from < 0 || length <= 0 || length > block.length() - from || destination.remaining() < length) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT, "%d bytes from %d of %s".formatted(length, from, block));
        }
        try (OpenFiles.Lease lease = files.lease(block.extent())) {
            reader.read(lease.file(), block, from, length, destination);
        }
    }

    /** Closes files that nobody reads now. */
    public void closeIdle() {
        files.closeIdle();
    }

    @Override
    public void close() {
        files.close();
    }
}
