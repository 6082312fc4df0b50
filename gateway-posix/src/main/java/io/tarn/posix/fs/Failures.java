package io.tarn.posix.fs;

import io.tarn.core.StorageException;

/**
 * What a failure of the storage is called by Linux: the one place where that is decided. An errno depends on what was being done, since
 * the storage says "not found" of a name as of an inode that is gone.
 */
final class Failures {
    /** What was being done. */
    enum Doing {
        LOOKUP,
        MAKE,
        LINK,
        UNLINK,
        RENAME,
        ATTRIBUTES,
        OPEN,
        DATA,
        XATTR,
        LOCK
    }

    private Failures() {}

    static PosixException of(final StorageException failed, final Doing doing) {
        return errno(failed, doing).exception();
    }

    static Errno errno(final StorageException failed, final Doing doing) {
        return switch (failed.failure()) {
            case NOT_FOUND -> notFound(doing);
            case ALREADY_EXISTS -> Errno.EEXIST;
            case NOT_A_DIRECTORY -> Errno.ENOTDIR;
            case IS_A_DIRECTORY -> doing == Doing.LINK ? Errno.EPERM : Errno.EISDIR;
            case NOT_EMPTY -> Errno.ENOTEMPTY;
            case PERMISSION_DENIED -> Errno.EACCES;
            case PRECONDITION_FAILED -> Errno.EAGAIN;
            // A replaced version does not change any more: whoever still writes to it holds on to what is past.
            case CONFLICT -> doing == Doing.DATA || doing == Doing.ATTRIBUTES ? Errno.ESTALE : Errno.EBUSY;
            case INVALID_ARGUMENT -> Errno.EINVAL;
            case TOO_LARGE -> tooLarge(doing);
            case QUOTA_EXCEEDED -> Errno.EDQUOT;
            case OUT_OF_SPACE -> Errno.ENOSPC;
            case LOCKED -> Errno.EBUSY;
            case STALE_SESSION -> Errno.ESTALE;
            case CROSS_VOLUME -> Errno.EXDEV;
            case LOOP -> doing == Doing.RENAME ? Errno.EINVAL : Errno.ELOOP;
            // Who calls has waited as long as the mount's patience lasts.
            case UNAVAILABLE, TIMEOUT, CORRUPT, IO_ERROR -> Errno.EIO;
            case UNSUPPORTED -> doing == Doing.LINK || doing == Doing.RENAME ? Errno.EPERM : Errno.EOPNOTSUPP;
        };
    }

    /** {@code ESTALE} makes the kernel look the path up again, past what it remembers. */
    private static Errno notFound(final Doing doing) {
        return switch (doing) {
            case LINK, UNLINK, RENAME -> Errno.ENOENT;
            case XATTR -> Errno.ENODATA;
            case LOOKUP, MAKE, ATTRIBUTES, OPEN, DATA, LOCK -> Errno.ESTALE;
        };
    }

    private static Errno tooLarge(final Doing doing) {
        return switch (doing) {
            case LOOKUP, MAKE, UNLINK, RENAME -> Errno.ENAMETOOLONG;
            case LINK -> Errno.EMLINK;
            case ATTRIBUTES, DATA -> Errno.EFBIG;
            case OPEN -> Errno.ENFILE;
            case XATTR -> Errno.ENOSPC;
            case LOCK -> Errno.ENOLCK;
        };
    }
}
