package io.tarn.core.extent;

import java.time.Duration;

/**
 * Bounds of a {@link PackedWriter}.
 *
 * @param lanes extents written at the same time
 * @param chunkBytes payload gathered before it is appended; contents no larger cost one append
 * @param maxChunksPerSink chunks of one content that may wait to become durable
 * @param rollBytes length at which an extent is sealed and a new one begun
 * @param idleAfter time without appends after which an extent is sealed
 * @param maxUnsettled full or failed extents whose seal or release is outstanding; beyond it no new extent is begun
 * @param bufferPatience how long a content waits for a free chunk
 */
public record PackedWriterOptions(
        int lanes,
        int chunkBytes,
        int maxChunksPerSink,
        long rollBytes,
        Duration idleAfter,
        int maxUnsettled,
        Duration bufferPatience) {
    public PackedWriterOptions {
        if (lanes < 1 || maxChunksPerSink < 1 || maxUnsettled < lanes) {
            throw new IllegalArgumentException("bounds of a packed writer must be positive");
        }
        if (chunkBytes < BufferPool.MIN_BUFFER_BYTES || chunkBytes > ExtentTarget.MAX_APPEND_BYTES) {
            throw new IllegalArgumentException("chunks of " + chunkBytes + " bytes");
        }
        if (rollBytes < ExtentTarget.FIRST_OFFSET + ExtentTarget.appendedBytes(chunkBytes)
                || rollBytes > ExtentTarget.MAX_EXTENT_BYTES) {
            throw new IllegalArgumentException("extents of " + rollBytes + " bytes");
        }
    }

    public static PackedWriterOptions defaults() {
        return new PackedWriterOptions(
                2, 1 << 20, 4, ExtentTarget.MAX_EXTENT_BYTES, Duration.ofSeconds(30), 256, Duration.ofSeconds(30));
    }
}
