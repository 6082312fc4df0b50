package io.tarn.posix.fs;

/** Flags of open(2) and their kin, as numbered on x86-64 and, but for {@link #DIRECT}, on arm64 (asm-generic/fcntl.h). */
final class OpenFlags {
    static final int ACCESS_MODE = 3;
    static final int WRITE_ONLY = 1;
    static final int READ_WRITE = 2;
    static final int EXCLUSIVE = 0200;
    static final int TRUNCATE = 01000;
    static final int APPEND = 02000;
    static final int DIRECT = 040000;

    static final int RENAME_NO_REPLACE = 1;
    static final int RENAME_EXCHANGE = 2;

    static final int XATTR_CREATE = 1;
    static final int XATTR_REPLACE = 2;

    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    static final int KEEP_SIZE = 1;
    static final int PUNCH_HOLE = 2;
    static final int ZERO_RANGE = 0x10;

    private OpenFlags() {}

    static boolean has(final int flags, final int wanted) {
        return (flags & wanted) == wanted;
    }

    static boolean writes(final int flags) {
        return (flags & ACCESS_MODE) != 0;
    }
}
