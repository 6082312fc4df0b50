package io.tarn.posix.fs;

import io.tarn.core.StorageException;
import io.tarn.posix.fs.BlockCache.Block;
import io.tarn.posix.fs.Failures.Doing;
import io.tarn.posix.fs.ReadPattern.Forecast;
import io.tarn.posix.fs.ReadPattern.Random;
import io.tarn.posix.fs.ReadPattern.Sequential;
import io.tarn.posix.fs.ReadPattern.Strided;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files: what is read at random straight into the caller's buffer, what is read in order or in equal steps in blocks and ahead of
 * the reader. While a file is being written here, or its state is not known, nothing is read ahead or taken from memory.
 *
 * <p>Cost: a read at random is one verified read and no copy; one that was foreseen is a copy. Threading: reads on the caller's thread,
 * ahead of it on virtual threads, {@value #READS_AHEAD_MAX} at a time for all files.
 */
final class FileReader {
    private static final Logger LOG = LoggerFactory.getLogger(FileReader.class);
    private static final int READS_AHEAD_MAX = 16;
    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("posix-read-ahead-", 0).factory();

    private final MountPoint mount;
    private final NodeReader nodes;
    private final BlockCache cache;
    private final Semaphore readsAhead = new Semaphore(READS_AHEAD_MAX);

    FileReader(final MountPoint mount, final NodeReader nodes) {
        this.mount = mount;
        this.nodes = nodes;
        this.cache = new BlockCache(mount.options().cacheBytes());
    }

    /** What is known of a file that nobody writes to here. */
    private record Settled(OpenInode file, long writes, long contentGeneration, long size) {
        boolean still() {
            return file.writes() == writes && !file.isDirty();
        }

        BlockCache.Id block(final long index) {
            return new BlockCache.Id(file.inode(), contentGeneration, index);
        }
    }

    private Optional<Settled> settled(final OpenInode file) {
        final long writes = file.writes();
        if (cache.isOff() || file.isDirty()) {
            return Optional.empty();
        }
        return nodes.find(file.inode())
                .map(node -> new Settled(file, writes, node.contentGeneration(), node.size()))
                .filter(Settled::still);
    }

    /** Fills {@code target} from {@code offset} on as far as there are bytes. */
    int read(final FileHandle handle, final long offset, final ByteBuffer target) {
        if (offset < 0) {
            throw Errno.EINVAL.exception();
        }
        final OpenInode file = handle.inode();
        final Forecast forecast = handle.pattern().next(offset, target.remaining());
        final Optional<Settled> known = settled(file);
        if (known.isEmpty()) {
            return direct(file, offset, target);
        }
        final Settled state = known.get();
        final int length = target.remaining();
        final boolean whole = !(forecast instanceof Random);
        final int count = blocks(state, offset, target, whole);
        switch (forecast) {
            case final Random random -> {}
            case final Sequential next -> aheadOf(state, offset + length, (long) next.blocks());
            case final Strided next -> {
                for (int step = 1; step <= next.steps(); step++) {
                    touching(state, offset + step * next.stride(), length);
                }
            }
        }
        return count;
    }

    private int direct(final OpenInode file, final long offset, final ByteBuffer target) {
        // A read may have to commit what is written first, which no interrupt may tear.
        return file.isDirty()
                ? file.changing(() -> file.file().read(offset, target))
                : mount.patience().query(Doing.DATA, () -> file.file().read(offset, target));
    }

    /** What lies where was learnt at the open, for a content that has not changed since. */
    private int direct(final Settled state, final long offset, final ByteBuffer target) {
        return state.still()
                ? mount.patience()
                        .query(Doing.DATA, () -> state.file.file().read(offset, target, state.contentGeneration))
                : direct(state.file, offset, target);
    }

    private int blocks(final Settled state, final long offset, final ByteBuffer target, final boolean whole) {
        int done = 0;
        while (target.hasRemaining() && offset + done < state.size) {
            final long at = offset + done;
            final BlockCache.Id id = state.block(at / BlockCache.BLOCK_BYTES);
            final Optional<Block> block = block(state, id, whole);
            if (block.isEmpty()) {
                return done + direct(state, at, target);
            }
            final int from = (int) (at - id.offset());
            final int count = Math.min(block.get().length() - from, target.remaining());
            if (count <= 0) {
                break;
            }
            target.put(block.get().bytes(), from, count);
            done += count;
        }
        return done;
    }

    /** A block from memory, or if it is worth it from the storage. */
    private Optional<Block> block(final Settled state, final BlockCache.Id id, final boolean whole) {
        final Optional<CompletableFuture<Block>> there = cache.get(id);
        if (there.isPresent()) {
            return await(there.get());
        }
        if (!whole) {
            return Optional.empty();
        }
        final Optional<CompletableFuture<Block>> begun = cache.begin(id);
        if (begun.isEmpty()) {
            return cache.get(id).flatMap(FileReader::await);
        }
        fill(state, id, begun.get());
        return await(begun.get());
    }

    /** Empty when the reading failed: whoever wants the bytes then reads them, and gets the failure, himself. */
    private static Optional<Block> await(final CompletableFuture<Block> reading) {
        try {
            return Optional.of(reading.get());
        } catch (final ExecutionException failed) {
            LOG.debug("a block that was read ahead could not be read", failed.getCause());
            return Optional.empty();
        } catch (final InterruptedException interrupted) {
            throw Errno.EINTR.exception();
        }
    }

    private void fill(final Settled state, final BlockCache.Id id, final CompletableFuture<Block> begun) {
        boolean good = false;
        try {
            final byte[] bytes = new byte[(int) Math.min(BlockCache.BLOCK_BYTES, state.size - id.offset())];
            final ByteBuffer target = ByteBuffer.wrap(bytes);
            final int length = state.file.file().read(id.offset(), target, state.contentGeneration);
            begun.complete(new Block(length == bytes.length ? bytes : Arrays.copyOf(bytes, length), length));
            good = state.still();
        } catch (final StorageException failed) {
            begun.completeExceptionally(failed);
        } finally {
            if (!good) {
                cache.abandon(id, begun);
                begun.completeExceptionally(new IllegalStateException("the reader was stopped"));
            }
        }
    }

    private void aheadOf(final Settled state, final long offset, final long count) {
        final long first = offset / BlockCache.BLOCK_BYTES;
        for (long index = first; index < first + count && index * BlockCache.BLOCK_BYTES < state.size; index++) {
            if (!ahead(state, state.block(index))) {
                return;
            }
        }
    }

    private void touching(final Settled state, final long offset, final int length) {
        if (offset < 0 || offset >= state.size) {
            return;
        }
        final long lastByte = Math.min(state.size, offset + length) - 1;
        for (long index = offset / BlockCache.BLOCK_BYTES; index <= lastByte / BlockCache.BLOCK_BYTES; index++) {
            if (!ahead(state, state.block(index))) {
                return;
            }
        }
    }

    /** Has a block read meanwhile; false when enough are being read. */
    private boolean ahead(final Settled state, final BlockCache.Id id) {
        if (!readsAhead.tryAcquire()) {
            return false;
        }
        final Optional<CompletableFuture<Block>> begun = cache.begin(id);
        if (begun.isEmpty()) {
            readsAhead.release();
            return true;
        }
        THREADS.newThread(() -> {
                    try {
                        fill(state, id, begun.get());
                    } finally {
                        readsAhead.release();
                    }
                })
                .start();
        return true;
    }

    /** Bytes of memory in use. */
    long cachedBytes() {
        return cache.bytes();
    }
}
