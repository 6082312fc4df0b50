package io.tarn.posix.fs;

import io.tarn.client.OpenFile;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.posix.fs.Failures.Doing;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A file that this mount has open, once for all its descriptors. Knows whether bytes were written that are not committed: until they
 * are, neither its times nor its size are settled. Thread-safe.
 *
 * <p>A failed commit is not tried again here: the client does not say whether it has kept the bytes, and a second attempt
 * that has nothing left to do would look like success.
 */
final class OpenInode {
    private final OpenFile file;
    private final MountPoint mount;
    private final WriteErrors errors = new WriteErrors();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    /** Guarded by the table that holds this. */
    int descriptors;

    OpenInode(final OpenFile file, final MountPoint mount) {
        this.file = file;
        this.mount = mount;
    }

    OpenFile file() {
        return file;
    }

    long inode() {
        return file.inode();
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
        changing(() -> {
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
        final long seen = writes.get();
        if (seen == committed.get()) {
            return;
        }
        try {
            mount.patience().once(Doing.DATA, () -> sync(seen));
        } catch (final PosixException failed) {
            errors.add(failed.errno());
        } finally {
            mount.memory().nodeChanged(inode());
        }
    }

    private void sync(final long seen) {
        try {
            file.sync();
            committed.accumulateAndGet(seen, Math::max);
        } catch (final StorageException failed) {
            if (failed.failure() != Failure.UNAVAILABLE) {
                committed.accumulateAndGet(seen, Math::max);
            }
            throw Failures.of(failed, Doing.DATA);
        }
    }
}
