package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.FileLayer;
import io.tarn.core.file.StoredFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The extents of one data directory. Thread-safe.
 *
 * <p>An append costs one pass over the payload for its checksums and one gather write on the calling thread, then one share of
 * a force on a sync thread: all appends that gather while a force runs share the next one. A read costs one or two positional
 * reads and one pass for the checksums, on the calling thread, with no copy. Opening reads the state page of every extent.
 *
 * <p>What holds after a crash: what was acknowledged (the future completed, the call returned) is there; a deleted extent
 * stays deleted; a sealed one keeps its length. What was in flight is there wholly or not at all. Extents that were open come
 * back as {@link ExtentInfo.State#ORPHANED}: readable, and waiting for {@link #sealRecovered} or {@link #fence} and
 * {@link #seal}.
 *
 * <p>Failures are {@link StorageException}s: {@link Failure#NOT_FOUND} for an extent that is not here, {@link
 * Failure#CONFLICT} when fenced, sealed or out of order, {@link Failure#OUT_OF_SPACE} below the reserve (reads, seals,
 * punches and deletions go on), {@link Failure#CORRUPT}, {@link Failure#IO_ERROR}.
 */
public final class ExtentStore implements ExtentTarget, AutoCloseable {
    private final ConcurrentHashMap<ExtentId, ExtentFile> extents = new ConcurrentHashMap<>();
    private final ExtentDirectory directory;
    private final OpenFiles files;
    private final BufferPool scratch;
    private final BlockReader reader;
    private final SpaceWatermark watermark;
    private final GroupCommit commit;
    private final Semaphore inFlight;
    private final int maxInFlight;
    private final ReentrantLock verifying = new ReentrantLock();
    private volatile boolean closed;

    private ExtentStore(
            final FileLayer layer,
            final Path root,
            final ExtentStoreOptions options,
            final GroupCommit commit,
            final BufferPool scratch) {
        this.directory = new ExtentDirectory(layer, root);
        this.files = new OpenFiles(layer, directory, options.maxOpenFiles());
        this.scratch = scratch;
        this.reader = new BlockReader(scratch);
        this.watermark = new SpaceWatermark(() -> layer.usableBytes(root), options.reserveBytes());
        this.commit = commit;
        this.maxInFlight = options.maxInFlightAppends();
        this.inFlight = new Semaphore(maxInFlight);
    }

    /** Opens the extents under {@code root}, a directory that exists. */
    public static ExtentStore open(final FileLayer layer, final Path root, final ExtentStoreOptions options) {
        return open(
                layer,
                root,
                options,
                new SyncThreads(options.syncThreads(), options.maxInFlightAppends()),
                new BufferPool(options.scratchBytes()));
    }

    static ExtentStore open(
            final FileLayer layer,
            final Path root,
            final ExtentStoreOptions options,
            final GroupCommit commit,
            final BufferPool scratch) {
        final ExtentStore store = new ExtentStore(layer, root, options, commit, scratch);
        try {
            store.directory.list().forEach(store::load);
            return store;
        } catch (StorageException e) {
            store.close();
            throw e;
        }
    }

    private void load(final ExtentId extent) {
        final long size;
        final Optional<ExtentHeader> header;
        try (OpenFiles.Lease lease = files.lease(extent)) {
            size = lease.file().size();
            final ByteBuffer page = ByteBuffer.allocate(ExtentHeader.DATA_START);
            lease.file().read(0, page);
            header = ExtentHeader.ruling(extent, page.flip());
        }
        if (header.isEmpty() && size <= ExtentHeader.DATA_START) {
            // a creation that a crash cut short: nobody was told of it, and nothing was ever in it
            files.drop(extent);
            directory.delete(extent);
        } else if (header.isEmpty()) {
            final ExtentHeader unknown = ExtentHeader.created(extent, 0);
            extents.put(extent, extent(unknown, ExtentInfo.State.DAMAGED, size, Optional.empty()));
        } else if (header.get().sealed()) {
            final long length = header.get().sealedLength();
            extents.put(extent, extent(header.get(), ExtentInfo.State.SEALED, length, Optional.empty()));
        } else {
            extents.put(extent, extent(header.get(), ExtentInfo.State.ORPHANED, size, Optional.empty()));
        }
    }

    private ExtentFile extent(
            final ExtentHeader header,
            final ExtentInfo.State state,
            final long length,
            final Optional<OpenFiles.Lease> writer) {
        final ExtentTail tail = new ExtentTail(header, state, length, writer, files, scratch, commit);
        return new ExtentFile(header.extent(), tail, files);
    }

    @Override
    public void requireRoom(final long bytes) {
        watermark.requireRoom(bytes);
    }

    @Override
    public void create(final ExtentId extent, final long epoch) {
        requireOpen();
        watermark.requireRoom(ExtentHeader.DATA_START);
        final ExtentFile known = extents.get(extent);
        if (known != null) {
            if (known.tail().isFresh(epoch)) {
                return;
            }
            throw new StorageException(Failure.ALREADY_EXISTS, "extent " + extent + " exists already");
        }
        final StoredFile file = directory.create(extent);
        final ExtentHeader header = ExtentHeader.created(extent, epoch);
        try {
            final ByteBuffer page = ByteBuffer.allocate(ExtentHeader.DATA_START);
            header.put(page);
            file.write(0, page.clear());
            file.force();
            directory.forceName(extent);
        } catch (StorageException e) {
            file.close();
            undoCreate(extent, e);
            throw e;
        }
        final Optional<OpenFiles.Lease> writer = Optional.of(files.adopt(extent, file));
        extents.put(extent, extent(header, ExtentInfo.State.OPEN, ExtentHeader.DATA_START, writer));
    }

    private void undoCreate(final ExtentId extent, final StorageException cause) {
        try {
            directory.delete(extent);
        } catch (StorageException e) {
            cause.addSuppressed(e);
        }
    }

    /** {@inheritDoc} Blocks while the bound of appends in flight is reached. */
    @Override
    public CompletableFuture<Block> appendAsync(
            final ExtentId extent, final long epoch, final long offset, final List<ByteBuffer> payload) {
        inFlight.acquireUninterruptibly();
        CompletableFuture<Block> appended;
        try {
            appended = append(extent, epoch, offset, payload);
        } catch (StorageException e) {
            appended = CompletableFuture.failedFuture(e);
        } catch (RuntimeException | Error e) {
            inFlight.release();
            throw e;
        }
        return appended.whenComplete((block, failure) -> inFlight.release());
    }

    private CompletableFuture<Block> append(
            final ExtentId extent, final long epoch, final long offset, final List<ByteBuffer> payload) {
        requireOpen();
        final long length = payload.stream().mapToLong(ByteBuffer::remaining).sum();
        if (length == 0 || length > MAX_APPEND_BYTES) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "an append of " + length + " bytes");
        }
        final ExtentFile file = known(extent);
        watermark.requireRoom(RecordFormat.recordBytes((int) length));
        final int tableBytes = RecordFormat.tableBytes((int) length);
        try (PooledBuffer small = scratch.borrow(RecordFormat.HEADER_BYTES + tableBytes, BufferPool.diskPatience())) {
            final ByteBuffer header = small.buffer().slice(0, RecordFormat.HEADER_BYTES);
            final ByteBuffer table = small.buffer().slice(RecordFormat.HEADER_BYTES, tableBytes);
            RecordFormat.putTable(payload, table);
            return file.tail().append(epoch, offset, payload, (int) length, header, table.flip());
        }
    }

    @Override
    public void seal(final ExtentId extent, final long epoch, final long length) {
        requireOpen();
        known(extent).seal(epoch, length);
    }

    /**
     * Refuses every append and every epoch smaller than {@code epoch}, durably.
     *
     * @return bytes up to which this copy is whole and durable; at least all that was acknowledged
     */
    public long fence(final ExtentId extent, final long epoch) {
        requireOpen();
        return known(extent).fence(epoch);
    }

    /** Seals an extent without a writer at all that is whole of it, and returns that length. Sealed ones stay as they are. */
    public long sealRecovered(final ExtentId extent) {
        requireOpen();
        return known(extent).sealRecovered();
    }

    /**
     * Reads {@code length} bytes from {@code from} within the block's payload and proves them by their checksums. The
     * destination, best a direct one, is advanced only on success; on failure its content there is unspecified.
     */
    public void read(final Block block, final int from, final int length, final ByteBuffer destination) {
        requireOpen();
        if (!RecordFormat.plausibleLength(block.length())) {
            throw BlockReader.corrupt(block, "no record is that long");
        }
        if (from < 0 || length <= 0 || length > block.length() - from || destination.remaining() < length) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT, "%d bytes from %d of %s".formatted(length, from, block));
        }
        try (OpenFiles.Lease lease = known(block.extent()).tail().leaseFor(block)) {
            reader.read(lease.file(), block, from, length, destination);
        }
    }

    /** Reads the whole block and throws the bytes away; fails as {@link #read} does. */
    public void verify(final Block block) {
        // one at a time: it holds one buffer while it borrows another from the same pool
        verifying.lock();
        try (PooledBuffer whole =
                scratch.borrow(Math.min(block.length(), MAX_APPEND_BYTES), BufferPool.diskPatience())) {
            read(block, 0, block.length(), whole.buffer());
        } finally {
            verifying.unlock();
        }
    }

    /** Gives the space of a range of a sealed extent back, durably. No live block may touch it. */
    public void punch(final ExtentId extent, final long from, final long to) {
        punch(extent, List.of(new ByteRange(from, to)));
    }

    /** Gives the space of several ranges back, for one force. */
    public void punch(final ExtentId extent, final List<ByteRange> ranges) {
        requireOpen();
        known(extent).punch(ranges);
    }

    /**
     * Removes an extent, durably, whatever its state. Appends in flight fail. An extent that is not here is no failure; a file that a
     * failed creation or deletion left of it is removed.
     */
    public void delete(final ExtentId extent) {
        requireOpen();
        final ExtentFile file = extents.get(extent);
        if (file == null) {
            directory.delete(extent);
            return;
        }
        file.delete(() -> directory.delete(extent));
        extents.remove(extent, file);
        files.drop(extent);
    }

    /** All extents here, by identity. */
    public List<ExtentInfo> list() {
        return extents.values().stream()
                .map(file -> file.tail().info())
                .sorted(Comparator.comparingLong(info -> info.extent().value()))
                .toList();
    }

    /** The extent, if it is here. */
    public Optional<ExtentInfo> find(final ExtentId extent) {
        return Optional.ofNullable(extents.get(extent)).map(file -> file.tail().info());
    }

    public ExtentInfo info(final ExtentId extent) {
        return known(extent).tail().info();
    }

    /** Waits until appends in flight are settled, then stops. Open extents stay open on disk, as after a crash. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            inFlight.acquireUninterruptibly(maxInFlight);
            commit.close();
            files.close();
        }
    }

    private ExtentFile known(final ExtentId extent) {
        final ExtentFile file = extents.get(extent);
        if (file == null) {
            throw new StorageException(Failure.NOT_FOUND, "extent " + extent + " is not on this node");
        }
        return file;
    }

    private void requireOpen() {
        if (closed) {
            throw new StorageException(Failure.UNAVAILABLE, "the extent store is closed");
        }
    }
}
