package io.tarn.core.extent;

import java.util.List;
import java.util.Optional;

/** What is alive, as the names know it, in a stable order. Calls may block and fail with {@link io.tarn.core.StorageException}. */
public interface BlockSource {
    /** The extent here that follows {@code after}, or the first one. Only extents whose blocks shall be checked. */
    Optional<ExtentId> nextExtent(Optional<ExtentId> after);

    /** Up to {@code limit} live blocks of the extent at or behind {@code fromOffset}, by offset. */
    List<Block> blocks(ExtentId extent, long fromOffset, int limit);
}
