package io.tarn.posix.fs;

import io.tarn.client.OpenFile;
import io.tarn.posix.fs.Failures.Doing;
import java.util.OptionalLong;

/** Ranges of open files: holes, space and copies (fallocate(2), lseek(2), copy_file_range(2)). Thread-safe. */
final class RangeOperations {
    private final MountPoint mount;
    private final OpenFiles files;
    private final AttributeOperations attributes;
    private final RootSquash squash;

    RangeOperations(
            final MountPoint mount,
            final OpenFiles files,
            final AttributeOperations attributes,
            final RootSquash squash) {
        this.mount = mount;
        this.files = files;
        this.attributes = attributes;
        this.squash = squash;
    }

    private OpenInode writable(final Caller caller, final long inode, final long number) {
        mount.requireWritable();
        final FileHandle handle = files.writing(inode, number);
        if (!squash.isPrivileged(caller)) {
            attributes.dropPrivileges(inode);
        }
        return handle.inode();
    }

    private static void requireRange(final long offset, final long length) {
        if (offset < 0 || length < 0) {
            throw Errno.EINVAL.exception();
        }
        if (offset > OpenFile.MAX_BYTES - length) {
            throw Errno.EFBIG.exception();
        }
    }

    void allocate(
            final Caller caller,
            final long inode,
            final long number,
            final int mode,
            final long offset,
            final long length) {
        requireRange(offset, length);
        if (length == 0) {
            throw Errno.EINVAL.exception();
        }
        final OpenInode open = writable(caller, inode, number);
        switch (mode) {
            case 0 -> change(open, () -> open.file().allocate(offset, length));
            case OpenFlags.KEEP_SIZE -> {
                // Nothing to set aside: what is written never overwrites.
            }
            case OpenFlags.PUNCH_HOLE | OpenFlags.KEEP_SIZE ->
                change(open, () -> open.file().punchHole(offset, length));
            case OpenFlags.ZERO_RANGE -> change(open, () -> open.file().zeroRange(offset, length, false));
            case OpenFlags.ZERO_RANGE | OpenFlags.KEEP_SIZE ->
                change(open, () -> open.file().zeroRange(offset, length, true));
            default -> throw Errno.EOPNOTSUPP.exception();
        }
    }

    private static void change(final OpenInode open, final Runnable change) {
        open.changingAll(
                () -> {
                    change.run();
                    return true;
                },
                done -> true);
    }

    long seek(final long inode, final long number, final long offset, final int whence) {
        final OpenInode open = files.handle(inode, number).inode();
        if (offset < 0) {
            throw Errno.ENXIO.exception();
        }
        open.commit();
        final OptionalLong found =
                switch (whence) {
                    case OpenFlags.SEEK_DATA -> open.changing(() -> open.file().nextData(offset));
                    case OpenFlags.SEEK_HOLE -> open.changing(() -> open.file().nextHole(offset));
                    default -> throw Errno.EINVAL.exception();
                };
        return found.orElseThrow(Errno.ENXIO::exception);
    }

    /** In as many steps as the client needs; who is interrupted has copied part of it. */
    long copy(
            final Caller caller,
            final long inode,
            final long number,
            final long offset,
            final long toInode,
            final long toNumber,
            final long toOffset,
            final long length) {
        requireRange(offset, 0);
        requireRange(toOffset, length);
        final OpenInode from = files.handle(inode, number).inode();
        final OpenInode to = writable(caller, toInode, toNumber);
        from.commit();
        // The end as it was: a copy within a file must not go on with what it has just copied.
        final long end =
                mount.patience().query(Doing.DATA, () -> from.file().node().size());
        final long wanted = Math.min(length, end - offset);
        long done = 0;
        while (done < wanted && (done == 0 || !Thread.currentThread().isInterrupted())) {
            final long at = done;
            final long count = to.changingAll(
                    () -> to.file().copyFrom(from.file(), offset + at, toOffset + at, wanted - at),
                    copied -> copied > 0);
            if (count == 0) {
                break;
            }
            done += count;
        }
        return done;
    }
}
