package io.tarn.core.extent;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where a writer's appends go: one node's {@link ExtentStore}, or several of them as replicas. Thread-safe.
 *
 * <p>Failures are {@link io.tarn.core.StorageException}s. {@link io.tarn.core.Failure#CONFLICT} means fenced, sealed or a wrong
 * offset. After any failure of an append nothing is known of its bytes but that they were not acknowledged.
 */
public interface ExtentTarget {
    /** Where the first append of every extent goes. */
    long FIRST_OFFSET = ExtentHeader.DATA_START;

    /** Most bytes an extent file grows to. */
    long MAX_EXTENT_BYTES = 1L << 30;

    /** Most payload bytes of one append. */
    int MAX_APPEND_BYTES = RecordFormat.MAX_PAYLOAD_BYTES;

    /** Bytes that an append of {@code payloadBytes} takes up: the next one goes that much further. */
    static long appendedBytes(final int payloadBytes) {
        return RecordFormat.recordBytes(payloadBytes);
    }

    /** Fails with {@link io.tarn.core.Failure#OUT_OF_SPACE} when appends of {@code bytes} would, as far as is known. */
    void requireRoom(long bytes);

    /** Makes an empty extent, durably. Repeating it with the same epoch before anything was appended is harmless. */
    void create(ExtentId extent, long epoch);

    /**
     * Appends one record. Repeating an append with the same bytes is harmless. The payload's positions stay; its content must
     * not change until the future is complete.
     *
     * @param offset where the writer knows the extent to end
     * @return completes once the record is durable; never throws, failures come through it. It may complete on a thread that
     *     must not be blocked
     */
    CompletableFuture<Block> appendAsync(ExtentId extent, long epoch, long offset, List<ByteBuffer> payload);

    /**
     * Fixes the length and refuses every smaller epoch, durably. Appends in flight beyond {@code length} fail. Repeating it
     * with the same length is harmless.
     */
    void seal(ExtentId extent, long epoch, long length);
}
