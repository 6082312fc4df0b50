package io.tarn.core.file;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;

/** Linux error numbers (asm-generic/errno-base.h, errno.h) and what they mean to the core. */
final class Errno {
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EEXIST = 17;
    static final int ENOSPC = 28;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    private Errno() {}

    static StorageException failure(final String call, final String path, final int errno) {
        return new StorageException(meaning(errno), "%s of %s failed with errno %d".formatted(call, path, errno));
    }

    static Failure meaning(final int errno) {
        return switch (errno) {
            case ENOENT -> Failure.NOT_FOUND;
            case EEXIST -> Failure.ALREADY_EXISTS;
            case ENOSPC, EDQUOT -> Failure.OUT_OF_SPACE;
            case EOPNOTSUPP -> Failure.UNSUPPORTED;
            default -> Failure.IO_ERROR;
        };
    }
}
