package io.tarn.core.session;

import io.tarn.client.ContentWriter;
import io.tarn.client.OpenFile;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.Run;
import io.tarn.core.namespace.wire.Slice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * What a client has open of one inode, shared by all its handles: the bytes that are written and not committed yet.
 *
 * <p>Small writes wait as {@link DirtyRuns}, and one commit takes all of them. A run that grows long becomes a <em>stream</em>: its bytes
 * go to extents as they come, and every so many are committed, so a long sequential write keeps a few chunks in memory. Writes under
 * different leases never share a commit.
 *
 * <p>Cost: a small write is one copy under the write lock; a commit is one shared fdatasync of the extents (none for tiny ones) and one log
 * entry; a read is a query on the caller's thread and one verified read for each block. Readers share the lock and wait while a commit
 * is under way.
 */
final class SharedFile {
    /** Runs that wait for one commit. */
    static final int RUNS_MAX = 256;

    final long inode;
    final long volume;
    final FilePlace place;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final DirtyRuns runs = new DirtyRuns();
    private Optional<ContentWriter> stream = Optional.empty();
    private long streamStart;
    private long streamLength;
    private long leaseEpoch;
    /** Commits that failed, by the lease they were written under: whoever took it over has lost nothing. */
    private final Map<Long, Long> failures = new HashMap<>();

    private Optional<StorageException> lastFailure = Optional.empty();
    /** Guarded by the map that holds the file. */
    int handles = 1;

    SharedFile(final long inode, final long volume, final FilePlace place) {
        this.inode = inode;
        this.volume = volume;
        this.place = place;
    }

    /** Where the written bytes end that are not committed; 0 when there are none. */
    long uncommittedEnd() {
        lock.readLock().lock();
        try {
            return Math.max(runs.end(), stream.isPresent() ? streamStart + streamLength : 0);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** How many commits under a lease have failed. */
    long failures(final long epoch) {
        lock.readLock().lock();
        try {
            return failures.getOrDefault(epoch, 0L);
        } finally {
            lock.readLock().unlock();
        }
    }

    StorageException lastFailure() {
        lock.readLock().lock();
        try {
            final StorageException failure = lastFailure.orElseThrow();
            return new StorageException(failure.failure(), failure.getMessage(), failure);
        } finally {
            lock.readLock().unlock();
        }
    }

    int read(final long offset, final ByteBuffer target) {
        if (offset < 0) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "negative offset " + offset);
        }
        lock.readLock().lock();
        try {
            if (stream.isEmpty() || offset + target.remaining() <= streamStart) {
                return readCommitted(offset, target);
            }
        } finally {
            lock.readLock().unlock();
        }
        lock.writeLock().lock();
        try {
            commitStream();
            lock.readLock().lock();
        } finally {
            lock.writeLock().unlock();
        }
        try {
            return readCommitted(offset, target);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** What is committed, under what is dirty. */
    private int readCommitted(final long offset, final ByteBuffer target) {
        final ReadPins.Pin pin = place.names().pinAt(inode);
        try {
            final long end = offset + target.remaining();
            final FileRange range =
                    place.names().queryAt(inode, queries -> queries.nodes().range(inode, offset, end));
            final int wanted =
                    (int) Math.max(0, Math.min(target.remaining(), Math.max(range.size(), runs.end()) - offset));
            final int committed = (int) Math.max(0, Math.min(wanted, range.size() - offset));
            final int position = target.position();
            if (range.inline().isPresent()) {
                target.put(range.inline().get(), (int) Math.min(offset, range.size()), committed);
            } else if (committed > 0) {
                new SliceRun(range.slices(), place.blocks(), this::leaves).read(offset, committed, target);
            }
            SliceRun.zeros(wanted, committed, target);
            runs.overlay(offset, wanted, target, position);
            return wanted;
        } finally {
            pin.close();
        }
    }

    void write(final long offset, final ByteBuffer bytes, final long epoch) {
        if (offset < 0 || offset > OpenFile.MAX_BYTES - bytes.remaining()) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + OpenFile.MAX_BYTES + " bytes");
        }
        lock.writeLock().lock();
        try {
            if (epoch != leaseEpoch) {
                commitAll();
                leaseEpoch = epoch;
            }
            if (stream.isPresent() && offset != streamStart + streamLength) {
                commitStream();
            }
            if (stream.isEmpty() && !beginStream(offset, bytes.remaining())) {
                gather(offset, bytes);
                return;
            }
            feedStream(bytes);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void gather(final long offset, final ByteBuffer bytes) {
        long at = offset;
        while (bytes.hasRemaining()) {
            final int step = Math.min(bytes.remaining(), place.memory().limits().fileBytes());
            final long before = runs.bytes();
            runs.write(at, bytes.slice(bytes.position(), step));
            bytes.position(bytes.position() + step);
            at += step;
            place.memory().changed(runs.bytes() - before);
            if (runs.bytes() >= place.memory().limits().fileBytes()
                    || runs.count() >= RUNS_MAX
                    || place.memory().isOver()) {
                commitRuns();
            }
        }
    }

    /** Turns to writing through where a single run goes on and is long enough. */
    private boolean beginStream(final long offset, final int length) {
        final boolean goesOn = runs.isEmpty() || (runs.count() == 1 && runs.end() == offset);
        if (!goesOn
                || runs.bytes() + length < place.memory().limits().streamFromBytes()
                || !place.memory().beginStream()) {
            return false;
        }
        stream = Optional.of(place.writers().open(volume));
        streamStart = offset - runs.bytes();
        streamLength = 0;
        runs.forEach((at, run) -> feedStream(run));
        dropRuns();
        return true;
    }

    /** The stream is there; at the end of a piece it is committed, and goes on with the next. */
    private void feedStream(final ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            final int step =
                    (int) Math.min(bytes.remaining(), place.memory().limits().streamCommitBytes() - streamLength);
            try {
                stream.orElseThrow().write(bytes.slice(bytes.position(), step));
            } catch (final StorageException failed) {
                abandonStream();
                throw lost(failed);
            }
            bytes.position(bytes.position() + step);
            streamLength += step;
            if (streamLength >= place.memory().limits().streamCommitBytes()) {
                commitPiece();
            }
        }
    }

    private void abandonStream() {
        stream.ifPresent(writer -> {
            stream = Optional.empty();
            place.memory().endStream();
            writer.close();
        });
    }

    private StorageException lost(final StorageException failed) {
        failures.merge(leaseEpoch, 1L, Long::sum);
        lastFailure = Optional.of(failed);
        return failed;
    }

    private void dropRuns() {
        place.memory().changed(-runs.bytes());
        runs.clear();
    }

    private void commitPiece() {
        try (ContentWriter writer = stream.orElseThrow()) {
            commit(writer, content -> NodeProposals.write(inode, streamStart, content.toRecord(), leaseEpoch));
            streamStart += streamLength;
            streamLength = 0;
            stream = Optional.of(place.writers().open(volume));
        } catch (final StorageException failed) {
            abandonStream();
            throw lost(failed);
        }
    }

    private void commitStream() {
        if (stream.isPresent()) {
            if (streamLength > 0) {
                commitPiece();
            }
            abandonStream();
        }
    }

    private void commitRuns() {
        if (runs.isEmpty()) {
            return;
        }
        final List<Run> places = new ArrayList<>(runs.count());
        try (ContentWriter writer = place.writers().open(volume)) {
            runs.forEach((offset, run) -> {
                places.add(Run.newBuilder()
                        .setOffset(offset)
                        .setLength(run.remaining())
                        .build());
                writer.write(run);
            });
            commit(writer, content -> NodeProposals.write(inode, places, content.toRecord(), leaseEpoch));
        } catch (final StorageException failed) {
            if (failed.failure() == Failure.UNAVAILABLE
                    && runs.bytes() < place.memory().limits().fileBytes()) {
                // It did not happen and may yet: the bytes stay for the next attempt.
                throw failed;
            }
            dropRuns();
            throw lost(failed);
        }
        dropRuns();
    }

    /** How a commit names the content. */
    @FunctionalInterface
    private interface Naming {
        Command.Builder command(NamedContent content);
    }

    private NodeReply commit(final ContentWriter writer, final Naming naming) {
        if (!(writer.finish() instanceof final NamedContent content)) {
            throw new IllegalStateException("content of another client");
        }
        final NodeReply reply =
                place.names().callAt(inode, naming.command(content)).getNode();
        content.committed();
        return reply;
    }

    private void commitAll() {
        commitStream();
        commitRuns();
    }

    /** Commits everything that is written. */
    void sync() {
        lock.writeLock().lock();
        try {
            commitAll();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Forgets what is written: nobody is left to hear whether it could be committed. */
    void discard() {
        lock.writeLock().lock();
        try {
            abandonStream();
            dropRuns();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Carries out a command after everything written, with no write in between. */
    NodeReply change(final LongFunction<Command.Builder> command, final long epoch) {
        lock.writeLock().lock();
        try {
            commitAll();
            return place.names().callAt(inode, command.apply(epoch)).getNode();
        } finally {
            lock.writeLock().unlock();
        }
    }

    long append(final ByteBuffer bytes, final long epoch) {
        lock.writeLock().lock();
        try (ContentWriter writer = place.writers().open(volume)) {
            commitAll();
            writer.write(bytes);
            return commit(writer, content -> NodeProposals.append(inode, content.toRecord(), epoch))
                    .getOffset();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private List<Slice> leaves(final long content, final long from, final long to) {
        return place.names().queryAt(content, queries -> queries.leaves(content, from, to));
    }
}
