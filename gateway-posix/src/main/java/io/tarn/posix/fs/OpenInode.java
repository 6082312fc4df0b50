package io.tarn.posix.fs;

import io.tarn.client.AttributeChange;
import io.tarn.client.CommandTrail;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.posix.fs.Failures.Doing;
import io.tarn.posix.journal.AttributeRecord;
import io.tarn.posix.journal.RecordRing;
import io.tarn.posix.journal.RecordRing.Entry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A file that this mount has open, once for all its descriptors: for reading, until the first of them writes. Knows whether bytes were written
 * that are not committed, and when: those are the times that it shows until then and has afterwards.
 *
 * <p>Cost: a commit for the first that writes, if he did not make the file, and one for each flush and sync with something to be committed.
 * With the flush of a descriptor that alone writes, the file is given back too, so that its release costs none. A write is a copy to the journal and
 * one to the client, in an order that is the same in both. Thread-safe.
 *
 * <p>A failed commit is not tried again here: the client does not say whether it has kept the bytes, and a second attempt
 * that has nothing left to do would look like success.
 */
final class OpenInode {
    private final MountPoint mount;
    private final InstantSource clock;
    private volatile OpenFile file;
    private volatile boolean writable;
    /** Of before there was a writer: reads may still be under way through it. */
    private Optional<OpenFile> reader = Optional.empty();

    private final WriteErrors errors = new WriteErrors();
    private final Uncommitted uncommitted;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private volatile long writtenNanos;
    private volatile long changedNanos;
    /** The file was given back with a flush, and not written since. */
    private volatile boolean rested;
    /** It was written after that: several processes share a descriptor, and close it one by one. */
    private volatile boolean passedOn;
    /** Some of its handles are of an earlier process of the mount, and so may be locks on it. */
    private volatile boolean inherited;
    /** Guarded by the table that holds this. */
    int descriptors;
    /** The inode as the storage gave it with the last opening, until somebody takes it. Guarded by the same. */
    private Optional<Node> atOpening;

    private final AtomicInteger writers = new AtomicInteger();

    /** @param writable whether the file was opened for writing */
    OpenInode(final OpenFile file, final boolean writable, final MountPoint mount, final InstantSource clock) {
        this.file = file;
        this.atOpening = file.atOpening();
        this.writable = writable;
        this.mount = mount;
        this.clock = clock;
        this.uncommitted =
                new Uncommitted(mount.journal().records(), mount.options().patience());
    }

    boolean isWritable() {
        return writable;
    }

    /** The file was opened for writing, after it was open for reading. Called under the table that holds this. */
    void upgrade(final OpenFile writer) {
        reader = Optional.of(file);
        file = writer;
        atOpening = writer.atOpening();
        writable = true;
    }

    /** The inode as it was when the file was opened, for the descriptor that it was opened for. Called under the table that holds this. */
    Optional<Node> takeAtOpening() {
        final Optional<Node> taken = atOpening;
        atOpening = Optional.empty();
        return taken;
    }

    /** Handles of an earlier process are open on it; what that knew of it is not known. */
    void inherit() {
        inherited = true;
        passedOn = true;
    }

    boolean isInherited() {
        return inherited;
    }

    /** Descriptors that write have come or gone. */
    void writersChange(final int by) {
        writers.addAndGet(by);
    }

    /** Lets the file go. Called under the table that holds this. */
    void close() {
        // The writer last, for with the last of all goes what the storage counts of them.
        try {
            reader.ifPresent(OpenFile::close);
        } finally {
            try {
                file.close();
            } finally {
                uncommitted.close();
            }
        }
    }

    private long now() {
        final Instant now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** The inode as it is seen here, with times that it keeps while nothing else is written. */
    Node settled() {
        return file.settle(writtenNanos, Math.max(writtenNanos, changedNanos));
    }

    /** Changes attributes with the next commit of what is written. */
    Node setAttributes(final AttributeChange change) {
        final long now = now();
        changedNanos = now;
        final AttributeChange known = change.withTimes(chosen(change.accessed(), now), chosen(change.modified(), now));
        return uncommitted.inOrder(() -> {
            final Entry entry = uncommitted.attributes(inode(), now, known);
            return keeping(
                    entry,
                    () -> changing(() -> {
                        file.setAttributes(known);
                        return settled();
                    }));
        });
    }

    /** What is in the journal is given to the client; the record counts until that is committed. */
    private <T> T keeping(final Entry entry, final Supplier<T> giving) {
        final T result = uncommitted.keeping(entry, giving);
        if (uncommitted.isDue()) {
            commit();
        }
        return result;
    }

    /**
     * Takes over what an earlier process was answerable for. What cannot be taken over is lost, and those who have the file open are told.
     */
    void replay(final RecordRing.Kept kept) {
        try {
            switch (kept.kind()) {
                case WRITE -> {
                    writes.incrementAndGet();
                    written.incrementAndGet();
                    writtenNanos = kept.nanos();
                    keeping(
                            kept.entry(),
                            () -> changing(() -> {
                                file.write(kept.offset(), kept.bytes());
                                return true;
                            }));
                }
                case ATTRIBUTES -> {
                    changedNanos = kept.nanos();
                    keeping(
                            kept.entry(),
                            () -> changing(() -> {
                                file.setAttributes(AttributeRecord.read(kept.bytes()));
                                return true;
                            }));
                }
                case GAP -> throw new IllegalStateException("a gap does not count");
            }
        } catch (final PosixException failed) {
            errors.add(failed.errno());
        }
    }

    OpenFile file() {
        return file;
    }

    long inode() {
        return file.inode();
    }

    /** What shows at once is not left to the commit to say. */
    private static Optional<AttributeChange.NewTime> chosen(
            final Optional<AttributeChange.NewTime> time, final long now) {
        return time.map(wish -> switch (wish) {
            case final AttributeChange.Now commit -> new AttributeChange.At(now);
            case final AttributeChange.At at -> at;
        });
    }

    WriteErrors errors() {
        return errors;
    }

    boolean isDirty() {
        return writes.get() != committed.get();
    }

    /** Rises with every write; what is read while it stands still is all committed when it was clean before. */
    long writes() {
        return writes.get();
    }

    /** Takes all of {@code bytes}: kept in the journal, and given to the client. */
    void write(final long offset, final ByteBuffer bytes) {
        uncommitted.inOrder(() -> {
            writes.incrementAndGet();
            try {
                writePieces(offset, bytes);
            } finally {
                written.incrementAndGet();
            }
            return true;
        });
    }

    private void writePieces(final long offset, final ByteBuffer bytes) {
        if (rested) {
            passedOn = true;
        }
        final int begin = bytes.position();
        do {
            final int at = bytes.position();
            final ByteBuffer piece = bytes.slice(at, Math.min(bytes.remaining(), uncommitted.bytesMax()));
            final long now = now();
            final Entry entry = uncommitted.write(inode(), offset + at - begin, now, piece);
            keeping(
                    entry,
                    () -> changing(() -> {
                        writtenNanos = now;
                        file.write(offset + at - begin, piece);
                        return true;
                    }));
            bytes.position(at + piece.limit());
        } while (bytes.hasRemaining());
    }

    /** Returns where the bytes begin. */
    long append(final CommandTrail trail, final ByteBuffer bytes) {
        return changingAll(() -> CommandTrail.under(trail, () -> file.append(bytes)), at -> true);
    }

    /**
     * Carries out a change that commits everything written before, in one with it: of that nothing is to be taken over by a later process, for it
     * would come after this change.
     *
     * @param committed whether it did, by what came of it
     */
    <T> T changingAll(final Supplier<T> change, final Predicate<T> committed) {
        return uncommitted.inOrder(() -> {
            final List<Entry> taken = uncommitted.take();
            boolean over = false;
            try {
                final T result = changing(change);
                over = committed.test(result);
                return result;
            } finally {
                if (over) {
                    uncommitted.over(taken);
                } else {
                    uncommitted.putBack(taken);
                }
            }
        });
    }

    /**
     * Carries out something that may commit what is written, and changes the file beyond that. When it fails, written bytes may be lost:
     * their writers are told, too.
     */
    <T> T changing(final Supplier<T> change) {
        final boolean dirty = isDirty();
        try {
            return mount.patience().once(Doing.DATA, () -> attempt(change));
        } catch (final PosixException failed) {
            if (dirty && isLoss(failed.errno())) {
                errors.add(failed.errno());
            }
            throw failed;
        } finally {
            mount.memory().nodeChanged(inode());
        }
    }

    /** Whether the storage has failed, and not the caller. */
    private static boolean isLoss(final Errno errno) {
        return errno != Errno.EINVAL && errno != Errno.EFBIG && errno != Errno.EXDEV && errno != Errno.EINTR;
    }

    /** What waits to be written may be lost with a failure, so that while there is something, one attempt is all. */
    private <T> T attempt(final Supplier<T> change) {
        try {
            return change.get();
        } catch (final StorageException failed) {
            if (failed.failure() == Failure.UNAVAILABLE && isDirty()) {
                throw Failures.of(failed, Doing.DATA);
            }
            throw failed;
        }
    }

    /** Commits what is written. A failure is kept for whoever asks for it by a {@link WriteErrors.Reader}. */
    void commit() {
        commit(file::sync);
    }

    /** The same, for a descriptor that is closed. */
    void flush() {
        if (writers.get() > 1 || passedOn) {
            commit();
        } else {
            commit(() -> {
                file.rest();
                rested = true;
            });
        }
    }

    private void commit(final Runnable how) {
        final long whole = written.get();
        final long seen = writes.get();
        if (seen == committed.get()) {
            return;
        }
        final List<Entry> taken = uncommitted.take();
        try {
            // One that is being written now may not be with the client yet: then the file stays dirty.
            mount.patience().once(Doing.DATA, () -> sync(whole == seen ? seen : 0, taken, how));
        } catch (final PosixException failed) {
            errors.add(failed.errno());
        } finally {
            mount.memory().nodeChanged(inode());
        }
    }

    private void sync(final long seen, final List<Entry> taken, final Runnable how) {
        boolean over = false;
        try {
            how.run();
            over = true;
            committed.accumulateAndGet(seen, Math::max);
        } catch (final StorageException failed) {
            final Errno errno = Failures.errno(failed, Doing.DATA);
            if (failed.failure() != Failure.UNAVAILABLE) {
                // Noted as an error before the records are over: a later process finds the one or the other.
                errors.add(errno);
                over = true;
                committed.accumulateAndGet(seen, Math::max);
                return;
            }
            throw errno.exception();
        } finally {
            if (over) {
                uncommitted.over(taken);
            } else {
                uncommitted.putBack(taken);
            }
        }
    }
}
