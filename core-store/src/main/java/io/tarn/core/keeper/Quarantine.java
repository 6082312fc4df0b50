package io.tarn.core.keeper;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blocks of this node that are known to be unreadable. With one copy there is nothing to read them from, so they are refused at
 * once, and nobody waits for a failing disk. Holds at most {@value #BLOCKS_MAX}; what is beyond is still refused by its checksum.
 * Thread-safe; a read costs one look at an empty map.
 */
public final class Quarantine {
    static final int BLOCKS_MAX = 10_000;

    private final Map<Place, UnreadableBlock> blocks = new ConcurrentHashMap<>();

    private record Place(ExtentId extent, long offset) {
        static Place of(final Block block) {
            return new Place(block.extent(), block.offset());
        }
    }

    /** @throws StorageException {@link Failure#CORRUPT} for a block that is known to be unreadable */
    public void requireReadable(final Block block) {
        if (!blocks.isEmpty()) {
            final UnreadableBlock known = blocks.get(Place.of(block));
            if (known != null) {
                throw new StorageException(Failure.CORRUPT, known.why());
            }
        }
    }

    /** Takes a block in; false when it was known, or there is no room. */
    boolean add(final UnreadableBlock unreadable) {
        return blocks.size() < BLOCKS_MAX && blocks.putIfAbsent(Place.of(unreadable.block()), unreadable) == null;
    }

    void remove(final Block block) {
        blocks.remove(Place.of(block));
    }

    public int size() {
        return blocks.size();
    }

    /** All of them, in no order. */
    public List<UnreadableBlock> blocks() {
        return List.copyOf(blocks.values());
    }
}
