package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one extent grows: who may append, how far it is written and how far durable.
 *
 * <p>Two locks, taken in this order. {@code forcing} is held through a force and the bookkeeping after it, since the kernel
 * reports a lost write to one force only; {@code lock} guards the fields and the order of appends, and is held for a page-cache
 * write at most, never for a force. Appends run on their callers' threads up to the write; a {@link GroupCommit} forces and
 * completes them.
 *
 * <p>A force that fails leaves bytes of which nobody knows: from then on the extent takes no append and acknowledges nothing
 * beyond what was durable before.
 */
final class ExtentTail {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentTail.class);

    private final ReentrantLock forcing = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final AppendQueue queue = new AppendQueue();
    private final ExtentId extent;
    private final OpenFiles files;
    private final BufferPool scratch;
    private final GroupCommit commit;

    private ExtentHeader header;
    private ExtentInfo.State state;
    private long written;
    private long durable;
    /** Whether {@code written} is known to end a row of whole records; a file found at start has to be walked first. */
    private boolean walked;

    private boolean submitted;
    private boolean deleted;
    private Optional<StorageException> broken = Optional.empty();
    /** Keeps the file open while it is written, so that an error of an earlier write-back reaches our force. */
    private Optional<OpenFiles.Lease> writer;

    ExtentTail(
            final ExtentHeader header,
            final ExtentInfo.State state,
            final long length,
            final Optional<OpenFiles.Lease> writer,
            final OpenFiles files,
            final BufferPool scratch,
            final GroupCommit commit) {
        this.extent = header.extent();
        this.header = header;
        this.state = state;
        this.written = length;
        this.durable = state == ExtentInfo.State.ORPHANED ? ExtentHeader.DATA_START : length;
        this.walked = state != ExtentInfo.State.ORPHANED;
        this.writer = writer;
        this.files = files;
        this.scratch = scratch;
        this.commit = commit;
    }

    ExtentInfo info() {
        return locked(() ->
                new ExtentInfo(extent, state, header.epoch(), state == ExtentInfo.State.OPEN ? durable : written));
    }

    /** Whether a repeated create may be answered with this extent. */
    boolean isFresh(final long epoch) {
        return locked(
                () -> state == ExtentInfo.State.OPEN && header.epoch() == epoch && written == ExtentHeader.DATA_START);
    }

    /** The file, if {@code block} lies within what may be read. */
    OpenFiles.Lease leaseFor(final Block block) {
        lock.lock();
        try {
            requirePresent();
            if (block.offset() < ExtentHeader.DATA_START || RecordFormat.end(block) > written) {
                throw BlockReader.corrupt(block, "this copy ends at " + written);
            }
        } finally {
            lock.unlock();
        }
        final OpenFiles.Lease lease = files.lease(extent);
        if (locked(() -> deleted)) {
            lease.close();
            files.drop(extent);
            throw missing();
        }
        return lease;
    }

    /** Writes one record on the calling thread; the future completes once it is durable. */
    CompletableFuture<Block> append(
            final long epoch,
            final long offset,
            final List<ByteBuffer> payload,
            final int length,
            final ByteBuffer headerBytes,
            final ByteBuffer table) {
        final Block block = new Block(extent, offset, length, RecordFormat.payloadChecksum(table, length));
        RecordFormat.putHeader(headerBytes, extent, offset, length, table);
        headerBytes.flip();
        lock.lock();
        try {
            requireAppendable(epoch);
            if (offset < written) {
                return repeated(block, headerBytes);
            }
            if (offset > written) {
                throw new StorageException(
                        Failure.CONFLICT, "append at " + offset + " to extent " + extent + " which ends at " + written);
            }
            if (RecordFormat.end(block) > ExtentTarget.MAX_EXTENT_BYTES) {
                throw new StorageException(Failure.TOO_LARGE, "extent " + extent + " is full");
            }
            write(block, payload, headerBytes, table);
            written = RecordFormat.end(block);
            return enqueue(block);
        } finally {
            lock.unlock();
        }
    }

    private void write(
            final Block block, final List<ByteBuffer> payload, final ByteBuffer headerBytes, final ByteBuffer table) {
        try {
            writer.orElseThrow().file().write(block.offset(), RecordFormat.gather(headerBytes, payload, table));
        } catch (StorageException e) {
            // a full disk leaves a torn record that the next append at this place overwrites; nothing else is that
            // harmless
            if (e.failure() != Failure.OUT_OF_SPACE) {
                broken = Optional.of(e);
            }
            throw e;
        }
    }

    /** An append at a place already written: the same record again, or another one, which is a conflict. */
    private CompletableFuture<Block> repeated(final Block block, final ByteBuffer headerBytes) {
        final ByteBuffer present = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
        writer.orElseThrow().file().read(block.offset(), present);
        if (RecordFormat.end(block) > written || !present.flip().equals(headerBytes)) {
            throw new StorageException(
                    Failure.CONFLICT, "other bytes were appended at " + block.offset() + " to extent " + extent);
        }
        return RecordFormat.end(block) <= durable ? CompletableFuture.completedFuture(block) : enqueue(block);
    }

    private CompletableFuture<Block> enqueue(final Block block) {
        final CompletableFuture<Block> future = queue.add(block);
        if (!submitted) {
            submitted = true;
            commit.submit(this);
        }
        return future;
    }

    /** Forces what is written and completes the appends it covers. Called by the {@link GroupCommit}. */
    void commitPending() {
        forceWritten();
        lock.lock();
        try {
            submitted = !queue.isEmpty();
            if (submitted) {
                commit.submit(this);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forceWritten() {
        forcing.lock();
        try {
            final long target;
            lock.lock();
            try {
                if (queue.isEmpty() && written == durable) {
                    return;
                }
                target = written;
            } finally {
                lock.unlock();
            }
            final Optional<StorageException> failure = locked(() -> broken).or(this::tryForce);
            final List<AppendQueue.Append> done;
            lock.lock();
            try {
                if (failure.isPresent()) {
                    broken = failure;
                    done = queue.takeAll();
                } else {
                    durable = target;
                    done = queue.takeUpTo(target);
                }
            } finally {
                lock.unlock();
            }
            done.forEach(append -> failure.ifPresentOrElse(append::fail, append::succeed));
            if (failure.isEmpty()) {
                WriteBehind.forget(files, extent, done);
            }
        } finally {
            forcing.unlock();
        }
    }

    /** Any failure counts, whatever its type: an append that is neither acknowledged nor refused would wait for ever. */
    private Optional<StorageException> tryForce() {
        try (OpenFiles.Lease lease = files.lease(extent)) {
            lease.file().force();
            return Optional.empty();
        } catch (StorageException e) {
            return Optional.of(e);
        } catch (RuntimeException e) {
            LOG.error("forcing extent {} failed unexpectedly", extent, e);
            return Optional.of(new StorageException(Failure.IO_ERROR, "forcing extent " + extent + " failed", e));
        }
    }

    void requireSealable(final long length) {
        lock.lock();
        try {
            if (length < ExtentHeader.DATA_START || (length > written && state != ExtentInfo.State.SEALED)) {
                throw new StorageException(
                        Failure.INVALID_ARGUMENT,
                        "extent " + extent + " cannot be sealed at " + length + ", it ends at " + written);
            }
        } finally {
            lock.unlock();
        }
    }

    /** False when sealed already. */
    boolean refuseAppends(final long epoch) {
        lock.lock();
        try {
            requirePresent();
            if (state == ExtentInfo.State.DAMAGED) {
                throw new StorageException(Failure.CORRUPT, "the state of extent " + extent + " is unreadable");
            }
            if (state == ExtentInfo.State.SEALED) {
                return false;
            }
            if (epoch < header.epoch()) {
                throw fenced(epoch);
            }
            state = ExtentInfo.State.ORPHANED;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Makes durable what is whole. The page cache may show records, after a mere process crash, that the disk has not. */
    long secure() {
        if (walked) {
            forceWritten();
            return durable();
        }
        forcing.lock();
        try (OpenFiles.Lease lease = files.lease(extent)) {
            final long whole = new TailScan(scratch).validLength(lease.file(), extent);
            lease.file().force();
            update(() -> {
                written = whole;
                durable = whole;
                walked = true;
            });
            return whole;
        } finally {
            forcing.unlock();
        }
    }

    void releaseWriter() {
        final Optional<OpenFiles.Lease> released = locked(() -> {
            final Optional<OpenFiles.Lease> held = writer;
            writer = Optional.empty();
            return held;
        });
        released.ifPresent(OpenFiles.Lease::close);
    }

    private void requireAppendable(final long epoch) {
        requirePresent();
        if (state != ExtentInfo.State.OPEN || epoch != header.epoch()) {
            throw fenced(epoch);
        }
        broken.ifPresent(cause -> {
            throw new StorageException(Failure.IO_ERROR, "extent " + extent + " lost a write", cause);
        });
    }

    private void update(final Runnable change) {
        locked(() -> {
            change.run();
            return true;
        });
    }

    private <T> T locked(final Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    private void requirePresent() {
        if (deleted) {
            throw missing();
        }
    }

    StorageException missing() {
        return new StorageException(Failure.NOT_FOUND, "extent " + extent + " is deleted");
    }

    private StorageException fenced(final long epoch) {
        return new StorageException(
                Failure.CONFLICT,
                "extent %s is %s with epoch %d and refuses epoch %d".formatted(extent, state, header.epoch(), epoch));
    }

    ExtentHeader header() {
        return locked(() -> header);
    }

    long durable() {
        return locked(() -> durable);
    }

    /** Writes the next state to the slot that does not hold the present one; after a failure the same slot is tried again. */
    void change(final ExtentHeader next) {
        forcing.lock();
        try (OpenFiles.Lease lease = files.lease(extent)) {
            next.writeTo(lease.file());
            update(() -> header = next);
        } finally {
            forcing.unlock();
        }
    }

    /** The seal is durable: appends it covers are acknowledged, all others fail. */
    void sealed(final long length) {
        final List<AppendQueue.Append> covered = locked(() -> queue.takeUpTo(length));
        final List<AppendQueue.Append> lost = locked(() -> {
            state = ExtentInfo.State.SEALED;
            written = length;
            durable = length;
            return queue.takeAll();
        });
        covered.forEach(AppendQueue.Append::succeed);
        lost.forEach(append ->
                append.fail(new StorageException(Failure.CONFLICT, "extent " + extent + " was sealed at " + length)));
    }

    /** Fails appends in flight and refuses further ones for good, whatever the epoch. */
    void abort() {
        final List<AppendQueue.Append> lost = locked(() -> {
            requirePresent();
            if (state == ExtentInfo.State.OPEN) {
                state = ExtentInfo.State.ORPHANED;
            }
            return queue.takeAll();
        });
        lost.forEach(append -> append.fail(missing()));
    }

    void deleted() {
        update(() -> deleted = true);
        releaseWriter();
    }

    /**
     * Gives back what was never acknowledged, if this process wrote it. What was found at start is left alone: should the walk
     * have stopped at a rotten record instead of a torn one, the bytes behind it may still be wanted.
     */
    void cutTail(final long length) {
        if (writer.isPresent() && writer.get().file().size() > length) {
            writer.get().file().truncate(length);
        }
    }
}
