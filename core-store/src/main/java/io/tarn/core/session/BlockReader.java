package io.tarn.core.session;

import io.tarn.core.extent.Block;
import java.nio.ByteBuffer;

/** Reads from extents, wherever they lie. Thread-safe. */
@FunctionalInterface
public interface BlockReader {
    /**
     * Appends bytes {@code [from, from + length)} of a block to {@code target}, verified.
     *
     * @throws io.tarn.core.StorageException {@link io.tarn.core.Failure#CORRUPT} when no replica has bytes that match
     */
    void read(Block block, int from, int length, ByteBuffer target);
}
