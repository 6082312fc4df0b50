package io.tarn.posix.fs;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocks of files that were read ahead, in bounded memory; those not used for longest go first. A block belongs to one state of a file's
 * bytes, so that it is never out of date, only of no more use. What is being read is there too, for others to wait for.
 *
 * <p>Thread-safe: one lock, held for a few instructions. Costs no copy beside the one to the reader.
 */
final class BlockCache {
    static final int BLOCK_BYTES = 128 << 10;

    private final long limitBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Id, CompletableFuture<Block>> blocks = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A block of a state of a file.
     *
     * @param inode the file
     * @param contentGeneration the state of its bytes
     * @param index number of the block within the file
     */
    record Id(long inode, long contentGeneration, long index) {
        long offset() {
            return index * BLOCK_BYTES;
        }
    }

    /** Bytes of a block, fewer than {@link #BLOCK_BYTES} at the end of a file. */
    @SuppressWarnings("ArrayRecordComponent")
    record Block(byte[] bytes, int length) {}

    BlockCache(final long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean isOff() {
        return limitBytes < BLOCK_BYTES;
    }

    Optional<CompletableFuture<Block>> get(final Id id) {
        lock.lock();
        try {
            return Optional.ofNullable(blocks.get(id));
        } finally {
            lock.unlock();
        }
    }

    /** Announces that a block is being read; empty where it is there or being read already. */
    Optional<CompletableFuture<Block>> begin(final Id id) {
        lock.lock();
        try {
            if (blocks.containsKey(id)) {
                return Optional.empty();
            }
            final CompletableFuture<Block> reading = new CompletableFuture<>();
            blocks.put(id, reading);
            final Iterator<CompletableFuture<Block>> oldest = blocks.values().iterator();
            while ((long) blocks.size() * BLOCK_BYTES > limitBytes && oldest.hasNext()) {
                oldest.next();
                oldest.remove();
            }
            return Optional.of(reading);
        } finally {
            lock.unlock();
        }
    }

    /** A block that was begun is not to be kept. */
    void abandon(final Id id, final CompletableFuture<Block> begun) {
        lock.lock();
        try {
            blocks.remove(id, begun);
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return (long) blocks.size() * BLOCK_BYTES;
        } finally {
            lock.unlock();
        }
    }
}
