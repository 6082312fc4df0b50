package io.tarn.posix.fs;

import io.tarn.client.AttributeChange;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.posix.fs.Failures.Doing;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A file that this mount has open, once for all its descriptors: for reading, until the first of them writes. Knows whether bytes were written
 * that are not committed, and when: those are the times that it shows until then and has afterwards.
 *
 * <p>Cost: a commit for the first that writes, if he did not make the file, and one for each flush and sync with something to be committed.
 * With the flush of a descriptor that alone writes, the file is given back too, so that its release costs none. Thread-safe.
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
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private volatile long writtenNanos;
    private volatile long changedNanos;
    /** The file was given back with a flush, and not written since. */
    private volatile boolean rested;
    /** It was written after that: several processes share a descriptor, and close it one by one. */
    private volatile boolean passedOn;
    /** Guarded by the table that holds this. */
    int descriptors;

    private final AtomicInteger writers = new AtomicInteger();

    /** @param writable whether the file was opened for writing */
    OpenInode(final OpenFile file, final boolean writable, final MountPoint mount, final InstantSource clock) {
        this.file = file;
        this.writable = writable;
        this.mount = mount;
        this.clock = clock;
    }

    boolean isWritable() {
        return writable;
    }

    /** The file was opened for writing, after it was open for reading. Called under the table that holds this. */
    void upgrade(final OpenFile writer) {
        reader = Optional.of(file);
        file = writer;
        writable = true;
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
            file.close();
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
        return changing(() -> {
            file.setAttributes(known);
            return settled();
        });
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

    void write(final long offset, final ByteBuffer bytes) {
        writes.incrementAndGet();
        if (rested) {
            passedOn = true;
        }
        changing(() -> {
            writtenNanos = now();
            file.write(offset, bytes);
            return true;
        });
    }

    /** Returns where the bytes begin. */
    long append(final ByteBuffer bytes) {
        return changing(() -> file.append(bytes));
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
        final long seen = writes.get();
        if (seen == committed.get()) {
            return;
        }
        try {
            mount.patience().once(Doing.DATA, () -> sync(seen, how));
        } catch (final PosixException failed) {
            errors.add(failed.errno());
        } finally {
            mount.memory().nodeChanged(inode());
        }
    }

    private void sync(final long seen, final Runnable how) {
        try {
            how.run();
            committed.accumulateAndGet(seen, Math::max);
        } catch (final StorageException failed) {
            if (failed.failure() != Failure.UNAVAILABLE) {
                committed.accumulateAndGet(seen, Math::max);
            }
            throw Failures.of(failed, Doing.DATA);
        }
    }
}
