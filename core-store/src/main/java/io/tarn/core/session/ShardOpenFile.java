package io.tarn.core.session;

import io.tarn.client.AttributeChange;
import io.tarn.client.Caller;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.Slice;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** One handle on a {@link SharedFile}: its lease, and the failures it has not been told of yet. Thread-safe. */
final class ShardOpenFile implements OpenFile {
    /** Bytes that one commit shares between two files: some hundreds of slices. */
    private static final long COPY_MAX_BYTES = 1L << 30;

    private static final int COPY_ATTEMPTS_MAX = 16;
    /** Slices are looked through for holes in windows of this many bytes. */
    private static final long SEEK_WINDOW_BYTES = 1L << 30;

    private final ShardInodes inodes;
    private final SharedFile file;
    private final Optional<Node> seen;
    private final boolean writing;
    private final long leaseEpoch;
    private final Caller caller;
    private final AtomicLong failuresSeen;
    private final AtomicBoolean open = new AtomicBoolean(true);

    ShardOpenFile(
            final ShardInodes inodes,
            final OpenTable.Joined joined,
            final boolean writing,
            final long leaseEpoch,
            final Caller caller) {
        this.inodes = inodes;
        this.file = joined.file();
        this.seen = joined.seen();
        this.writing = writing;
        this.leaseEpoch = leaseEpoch;
        this.caller = caller;
        this.failuresSeen = new AtomicLong(file.lost().count(leaseEpoch));
    }

    private SharedFile file() {
        if (!open.get()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the handle is closed");
        }
        return file;
    }

    private SharedFile writable() {
        if (!writing) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the handle is for reading");
        }
        final SharedFile known = file();
        if (known.opens.isResting()) {
            inodes.wake(known);
        }
        return known;
    }

    @Override
    public long inode() {
        return file.inode;
    }

    @Override
    public Node node() {
        file();
        return inodes.find(file.inode)
                .or(() -> file.opens.anchor().flatMap(Anchor::seen).map(seen -> seen.node()
                        .withLinks(0)))
                .orElseThrow(
                        () -> new StorageException(Failure.STALE_SESSION, "the session ended and the file is gone"));
    }

    @Override
    public Optional<Node> atOpening() {
        return seen;
    }

    @Override
    public int read(final long offset, final ByteBuffer target) {
        return file().read(offset, target, OptionalLong.empty());
    }

    @Override
    public int read(final long offset, final ByteBuffer target, final long contentGeneration) {
        return file().read(offset, target, OptionalLong.of(contentGeneration));
    }

    @Override
    public void write(final long offset, final ByteBuffer bytes) {
        told(() -> writable().write(offset, bytes, leaseEpoch, caller));
    }

    @Override
    public long append(final ByteBuffer bytes) {
        return writable().append(bytes, leaseEpoch, caller);
    }

    @Override
    public void setAttributes(final AttributeChange change) {
        if (change.size().isPresent()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the size is changed by a truncation");
        }
        told(() -> file().setAttributes(change, caller));
    }

    @Override
    public Node settle(final long modified, final long changed) {
        file().settle(modified, changed);
        return node();
    }

    @Override
    public Node truncate(final long size) {
        return writable().resize(AttributeChange.NONE.withSize(size), leaseEpoch, caller);
    }

    @Override
    public void allocate(final long offset, final long length) {
        requireRange(offset, length);
        hole(offset + length, 0, false);
    }

    private static void requireRange(final long offset, final long length) {
        if (offset < 0 || length < 0) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "not a range of a file");
        }
        if (offset > MAX_BYTES - length) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + MAX_BYTES + " bytes");
        }
    }

    private void hole(final long offset, final long length, final boolean keepSize) {
        writable().change(epoch -> NodeProposals.hole(file.inode, offset, length, keepSize, epoch), leaseEpoch, caller);
    }

    @Override
    public void punchHole(final long offset, final long length) {
        requireRange(offset, length);
        hole(offset, length, true);
    }

    @Override
    public void zeroRange(final long offset, final long length, final boolean keepSize) {
        requireRange(offset, length);
        hole(offset, length, keepSize);
    }

    @Override
    public long copyFrom(final OpenFile source, final long sourceOffset, final long offset, final long length) {
        requireRange(sourceOffset, length);
        requireRange(offset, length);
        if (!(source instanceof final ShardOpenFile from)) {
            throw new IllegalArgumentException("a file of another client");
        }
        final boolean same = from.file.inode == file.inode;
        for (int attempt = 1; ; attempt++) {
            from.file().sync();
            final FileRange range = from.source(sourceOffset);
            final long count = Math.min(Math.min(length, COPY_MAX_BYTES), range.size() - sourceOffset);
            if (count <= 0) {
                return 0;
            }
            if (same && sourceOffset < offset + count && offset < sourceOffset + count) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "the ranges of the copy overlap");
            }
            final NewContent content = NewContent.newBuilder()
                    .setLength(count)
                    .setCloneInode(from.file.inode)
                    .setCloneContentGeneration(range.contentGeneration())
                    .setCloneOffset(sourceOffset)
                    .build();
            try {
                writable().change(epoch -> NodeProposals.write(file.inode, offset, content, epoch), leaseEpoch, caller);
                return count;
            } catch (final StorageException failed) {
                if (failed.failure() != Failure.CONFLICT || attempt == COPY_ATTEMPTS_MAX) {
                    throw failed;
                }
            }
        }
    }

    /** The source of a copy, which the shard has to have. */
    private FileRange source(final long offset) {
        return file.place
                .names()
                .queryAt(
                        file.inode,
                        queries -> queries.nodes().node(file.inode).isEmpty()
                                ? Optional.<FileRange>empty()
                                : Optional.of(queries.nodes().range(file.inode, offset, offset)))
                .orElseThrow(() -> new StorageException(
                        Failure.UNSUPPORTED, "the source has no name any more: its bytes can be read, not shared"));
    }

    @Override
    public OptionalLong nextData(final long offset) {
        return seek(offset, true);
    }

    @Override
    public OptionalLong nextHole(final long offset) {
        return seek(offset, false);
    }

    private OptionalLong seek(final long offset, final boolean data) {
        requireRange(offset, 0);
        file().sync();
        long at = offset;
        while (true) {
            final FileRange range = file.committed(at, at + SEEK_WINDOW_BYTES);
            if (at >= range.size()) {
                // The end of the file is a hole, but not for who begins there.
                return data || offset >= range.size() ? OptionalLong.empty() : OptionalLong.of(range.size());
            }
            if (range.inline().isPresent()) {
                return OptionalLong.of(data ? at : range.size());
            }
            final long end = Math.min(range.size(), at + SEEK_WINDOW_BYTES);
            for (final Slice slice : range.slices()) {
                if (data) {
                    return OptionalLong.of(Math.max(at, slice.getFileOffset()));
                }
                if (slice.getFileOffset() > at) {
                    return OptionalLong.of(at);
                }
                at = slice.getFileOffset() + slice.getLength();
            }
            if (!data && at < end) {
                return OptionalLong.of(at);
            }
            at = Math.max(at, end);
        }
    }

    @Override
    public void sync() {
        told(() -> {
            file().sync();
            inodes.flush();
        });
        reportFailures();
    }

    @Override
    public void rest() {
        if (!writing) {
            sync();
            return;
        }
        final SharedFile known = file();
        // A file without names goes with the last that is given back of it.
        final boolean named =
                inodes.find(known.inode).filter(node -> node.links() > 0).isPresent();
        final Optional<Closing> closing = named ? inodes.table().rest(known) : Optional.empty();
        try {
            told(() -> known.sync(closing));
        } catch (final StorageException failed) {
            if (failed.failure() != Failure.TIMEOUT) {
                closing.ifPresent(given -> inodes.table().wake(known, given.getWriting()));
            }
            throw failed;
        }
        if (closing.isPresent()) {
            inodes.anchor(known);
        }
        reportFailures();
    }

    /** Who gets a failure thrown at has been told of it. */
    private void told(final Runnable action) {
        final long before = file.lost().count(leaseEpoch);
        try {
            action.run();
        } catch (final StorageException failed) {
            failuresSeen.accumulateAndGet(file.lost().count(leaseEpoch) - before, Long::sum);
            throw failed;
        }
    }

    /** A commit that failed for somebody else has lost bytes that may be this handle's. */
    private void reportFailures() {
        final long failures = file.lost().count(leaseEpoch);
        if (failuresSeen.getAndSet(failures) < failures) {
            throw file.lost().last();
        }
    }

    @Override
    public void close() {
        if (!open.compareAndSet(true, false)) {
            return;
        }
        final Optional<Closing> closing = inodes.table().leave(file, writing);
        try {
            finish(closing);
            reportFailures();
        } finally {
            inodes.table().forget(file);
        }
    }

    /** The last commit gives back what the shard holds; if it fails, that is given back without it. */
    private void finish(final Optional<Closing> closing) {
        try {
            told(() -> file.sync(closing));
        } catch (final StorageException failed) {
            closing.ifPresent(given -> inodes.table().giveBack(file.inode, given, failed));
            throw failed;
        }
    }
}
