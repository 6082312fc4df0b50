package io.tarn.core.extent;

import io.tarn.core.file.FileLayer;
import io.tarn.core.file.StoredFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A real extent store that forces on the thread that waits for an append, and only then: a run takes the same steps each time, and
 * appends that are in flight together share a force as they do with threads.
 */
public final class SteppedExtents implements ExtentTarget {
    private static final ExtentStoreOptions OPTIONS =
            ExtentStoreOptions.defaults().withReserveBytes(0);
    private static final BufferPool SCRATCH = new BufferPool(ExtentStoreOptions.MIN_SCRATCH_BYTES);

    private final FileLayer disk;
    private final Path root;
    private final StepwiseCommit commit = new StepwiseCommit();
    private final ExtentStore store;

    public SteppedExtents(final FileLayer disk, final Path root) {
        this.disk = disk;
        this.root = root;
        this.store = ExtentStore.open(disk, root, OPTIONS, commit, SCRATCH);
    }

    public ExtentStore store() {
        return store;
    }

    /** The file of an extent. */
    public Path path(final ExtentId extent) {
        return new ExtentDirectory(disk, root).path(extent);
    }

    /** The file's own bytes. */
    public byte[] bytes(final ExtentId extent, final long from, final long to) {
        try (StoredFile file = disk.open(path(extent))) {
            final ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
            file.read(from, bytes);
            return bytes.array();
        }
    }

    @Override
    public void requireRoom(final long bytes) {
        store.requireRoom(bytes);
    }

    @Override
    public void create(final ExtentId extent, final long epoch) {
        store.create(extent, epoch);
    }

    @Override
    public CompletableFuture<Block> appendAsync(
            final ExtentId extent, final long epoch, final long offset, final List<ByteBuffer> payload) {
        final CompletableFuture<Block> appended = store.appendAsync(extent, epoch, offset, payload);
        if (appended.isCompletedExceptionally()) {
            return appended;
        }
        final Awaited<Void> now = new Awaited<>();
        now.complete(null);
        return now.thenCombine(appended, (nothing, block) -> block);
    }

    @Override
    public void seal(final ExtentId extent, final long epoch, final long length) {
        store.seal(extent, epoch, length);
    }

    /** A future, and all that come of it, of which whoever waits has the commit done. */
    private final class Awaited<T> extends CompletableFuture<T> {
        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new Awaited<>();
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            commit.run();
            return super.get();
        }
    }
}
