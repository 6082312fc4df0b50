package io.tarn.core.session;

import com.google.protobuf.ByteString;
import io.tarn.client.AttributeChange;
import io.tarn.client.Caller;
import io.tarn.client.ContentWriter;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.Run;
import io.tarn.core.namespace.wire.WriteContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
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
    /** Of who wrote last. */
    private Caller caller = Caller.UNKNOWN;

    private final LostCommits lost = new LostCommits();
    private final PendingChange pending = new PendingChange();
    /** Guarded by the table that the file is in. */
    final Opens opens = new Opens();

    private final CommittedContent committed;

    SharedFile(final long inode, final long volume, final FilePlace place) {
        this.inode = inode;
        this.volume = volume;
        this.place = place;
        this.committed = new CommittedContent(inode, place, opens);
    }

    /** The inode as this client sees it: with what it has written and changed and not committed yet. */
    Node asWritten(final Node node) {
        lock.readLock().lock();
        try {
            final long end = Math.max(runs.end(), stream.isPresent() ? streamStart + streamLength : 0);
            return (end > node.size() ? node.withSize(end) : node).with(pending.get());
        } finally {
            lock.readLock().unlock();
        }
    }

    private void exclusively(final Runnable action) {
        lock.writeLock().lock();
        try {
            action.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Gives what waits to be committed the times it will have, if it has none yet. */
    void settle(final long modified, final long changed) {
        exclusively(() -> {
            if (!runs.isEmpty() || streamLength > 0) {
                pending.settle(modified, changed);
            }
        });
    }

    /** Commits that failed, with what they carried. */
    LostCommits lost() {
        return lost;
    }

    /** @param seen generation of a content that may have been seen, and is as good as the present one */
    int read(final long offset, final ByteBuffer target, final OptionalLong seen) {
        if (offset < 0) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "negative offset " + offset);
        }
        lock.readLock().lock();
        try {
            if (stream.isEmpty() || offset + target.remaining() <= streamStart) {
                return readCommitted(offset, target, seen);
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
            return readCommitted(offset, target, seen);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** What is committed, under what is dirty. */
    private int readCommitted(final long offset, final ByteBuffer target, final OptionalLong seen) {
        final ReadPins.Pin pin = place.names().pinAt(inode);
        try {
            final int position = target.position();
            final int wanted = committed.read(offset, target, runs.end(), seen);
            runs.overlay(offset, wanted, target, position);
            return wanted;
        } finally {
            pin.close();
        }
    }

    /** What is committed of a range, or was when the inode went. */
    FileRange committed(final long from, final long to) {
        return committed.range(from, to);
    }

    void write(final long offset, final ByteBuffer bytes, final long epoch, final Caller whence) {
        if (offset < 0 || offset > OpenFile.MAX_BYTES - bytes.remaining()) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + OpenFile.MAX_BYTES + " bytes");
        }
        lock.writeLock().lock();
        try {
            if (epoch != leaseEpoch) {
                commitAll(Optional.empty());
                leaseEpoch = epoch;
            }
            caller = whence;
            pending.written();
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
                commitRuns(Optional.empty());
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
                throw lost.add(leaseEpoch, failed);
            }
            bytes.position(bytes.position() + step);
            streamLength += step;
            if (streamLength >= place.memory().limits().streamCommitBytes()) {
                commitPiece(Optional.empty());
                stream = Optional.of(place.writers().open(volume));
            }
        }
    }

    private void abandonStream() {
        stream.ifPresent(writer -> {
            stream = Optional.empty();
            streamLength = 0;
            place.memory().endStream();
            writer.close();
        });
    }

    private void dropRuns() {
        place.memory().changed(-runs.bytes());
        runs.clear();
    }

    /** Commits what the stream has taken, and with it the attributes that wait. */
    private void commitPiece(final Optional<Closing> closing) {
        try (ContentWriter writer = stream.orElseThrow()) {
            commit(
                    writer,
                    content -> NodeProposals.write(
                            NodeProposals.write(inode, streamStart, content.toRecord(), leaseEpoch),
                            pending.get(),
                            closing));
            streamStart += streamLength;
            streamLength = 0;
            pending.take();
        } catch (final StorageException failed) {
            abandonStream();
            throw lost.add(leaseEpoch, failed);
        }
    }

    private void commitStream() {
        if (stream.isPresent()) {
            if (streamLength > 0) {
                commitPiece(Optional.empty());
            }
            abandonStream();
        }
    }

    /** Promises what waits in memory, if it may be promised. */
    private boolean promiseRuns(final Optional<Closing> closing) {
        if (!place.promises().isOurs(inode) || leaseEpoch != 0 || runs.bytes() > PromisedChanges.CONTENT_MAX_BYTES) {
            return false;
        }
        final ByteString.Output bytes = ByteString.newOutput((int) runs.bytes());
        final WriteContent.Builder write = WriteContent.newBuilder().setInode(inode);
        runs.forEach((offset, run) -> {
            write.addRuns(Run.newBuilder().setOffset(offset).setLength(run.remaining()));
            bytes.write(run.array(), run.arrayOffset() + run.position(), run.remaining());
        });
        write.setContent(NewContent.newBuilder().setLength(runs.bytes()).setInlineData(bytes.toByteString()));
        return place.promises().write(caller, write.build(), runs.end(), pending.get(), closing);
    }

    /** Commits what waits in memory, and with it the attributes that wait. */
    private void commitRuns(final Optional<Closing> closing) {
        if (runs.isEmpty()) {
            return;
        }
        if (promiseRuns(closing)) {
            forget();
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
            commit(
                    writer,
                    content -> NodeProposals.write(
                            NodeProposals.write(inode, places, content.toRecord(), leaseEpoch),
                            pending.get(),
                            closing));
        } catch (final StorageException failed) {
            if (failed.failure() == Failure.UNAVAILABLE
                    && runs.bytes() < place.memory().limits().fileBytes()) {
                // It did not happen and may yet: the bytes stay for the next attempt.
                throw failed;
            }
            forget();
            throw lost.add(leaseEpoch, failed);
        }
        forget();
    }

    private void forget() {
        dropRuns();
        pending.take();
    }

    private NodeReply call(final Command.Builder command) {
        return place.names().callAt(inode, NodeProposals.from(caller, command)).getNode();
    }

    private NodeReply commit(final ContentWriter writer, final Function<NamedContent, Command.Builder> naming) {
        if (!(writer.finish() instanceof final NamedContent content)) {
            throw new IllegalStateException("content of another client");
        }
        final NodeReply reply = call(naming.apply(content));
        content.committed();
        return reply;
    }

    /** Everything in one commit where it can be; what is given back goes with the last. */
    private void commitAll(final Optional<Closing> closing) {
        if (stream.isPresent() && streamLength > 0) {
            commitPiece(closing);
            abandonStream();
            return;
        }
        abandonStream();
        if (!runs.isEmpty()) {
            commitRuns(closing);
            return;
        }
        if (!pending.isNone()) {
            change(pending.take());
        }
        closing.filter(given -> !place.promises().close(inode, given))
                .ifPresent(given -> place.names().callAt(inode, NodeProposals.close(inode, given)));
    }

    private void change(final AttributeChange change) {
        if (place.promises().setAttributes(caller, inode, change).isEmpty()) {
            call(NodeProposals.setAttributes(inode, change, 0));
        }
    }

    /** Commits everything that is written. */
    void sync() {
        sync(Optional.empty());
    }

    /** The same, giving opens back to the shard with it. */
    void sync(final Optional<Closing> closing) {
        exclusively(() -> commitAll(closing));
    }

    /** Changes attributes with the next commit, if there is to be one. */
    void setAttributes(final AttributeChange change, final Caller whence) {
        exclusively(() -> {
            caller = whence;
            if (runs.isEmpty() && streamLength == 0) {
                change(change);
            } else {
                pending.add(change);
            }
        });
    }

    /** Forgets what is written: nobody is left to hear whether it could be committed. */
    void discard() {
        exclusively(() -> {
            abandonStream();
            forget();
        });
    }

    /** Changes attributes, the size among them, after everything written; of a file of very many pieces in several steps. */
    Node resize(final AttributeChange change, final long epoch, final Caller whence) {
        final long size = change.size().orElseThrow();
        Node node;
        do {
            node = NodeProposals.node(change(same -> NodeProposals.setAttributes(inode, change, same), epoch, whence));
        } while (node.size() > size);
        return node;
    }

    /** Carries out a command after everything written, with no write in between. */
    NodeReply change(final LongFunction<Command.Builder> command, final long epoch, final Caller whence) {
        lock.writeLock().lock();
        try {
            commitAll(Optional.empty());
            caller = whence;
            return call(command.apply(epoch));
        } finally {
            lock.writeLock().unlock();
        }
    }

    long append(final ByteBuffer bytes, final long epoch, final Caller whence) {
        lock.writeLock().lock();
        try (ContentWriter writer = place.writers().open(volume)) {
            commitAll(Optional.empty());
            caller = whence;
            writer.write(bytes);
            return commit(writer, content -> NodeProposals.append(inode, content.toRecord(), epoch))
                    .getOffset();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
