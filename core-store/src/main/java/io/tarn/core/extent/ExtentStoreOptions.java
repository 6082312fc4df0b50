package io.tarn.core.extent;

/**
 * Bounds of an {@link ExtentStore}.
 *
 * @param reserveBytes space of the file system that appends leave untouched, for the log and the names
 * @param syncThreads platform threads that force files; each extent is forced by one at a time
 * @param maxInFlightAppends appends written and not yet forced, over all extents; the next one waits
 * @param maxOpenFiles files kept open for reading, beyond those being written or in use
 * @param scratchBytes direct memory for record headers, checksum tables and the edges of unaligned reads
 */
public record ExtentStoreOptions(
        long reserveBytes, int syncThreads, int maxInFlightAppends, int maxOpenFiles, long scratchBytes) {
    /** One largest buffer for verification and one to be divided among everybody else. */
    public static final long MIN_SCRATCH_BYTES = 2L * BufferPool.MAX_BUFFER_BYTES;

    public ExtentStoreOptions {
        if (reserveBytes < 0
                || syncThreads < 1
                || maxInFlightAppends < 1
                || maxOpenFiles < 1
                || scratchBytes < MIN_SCRATCH_BYTES) {
            throw new IllegalArgumentException("a bound of the extent store is too small");
        }
    }

    public static ExtentStoreOptions defaults() {
        return new ExtentStoreOptions(1L << 30, 2, 1024, 512, 2 * MIN_SCRATCH_BYTES);
    }

    public ExtentStoreOptions withReserveBytes(final long bytes) {
        return new ExtentStoreOptions(bytes, syncThreads, maxInFlightAppends, maxOpenFiles, scratchBytes);
    }
}
