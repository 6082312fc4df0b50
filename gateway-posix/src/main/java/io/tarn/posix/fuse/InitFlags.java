package io.tarn.posix.fuse;

/** Abilities that the kernel offers and a server takes in INIT, the second word above the first. */
final class InitFlags {
    static final long ASYNC_READ = 1;
    static final long POSIX_LOCKS = 1 << 1;
    static final long ATOMIC_O_TRUNC = 1 << 3;
    static final long EXPORT_SUPPORT = 1 << 4;
    static final long BIG_WRITES = 1 << 5;
    static final long DONT_MASK = 1 << 6;
    static final long FLOCK_LOCKS = 1 << 10;
    static final long DO_READDIRPLUS = 1 << 13;
    static final long READDIRPLUS_AUTO = 1 << 14;
    static final long ASYNC_DIO = 1 << 15;
    static final long WRITEBACK_CACHE = 1 << 16;
    static final long PARALLEL_DIROPS = 1 << 18;
    static final long POSIX_ACL = 1 << 20;
    static final long ABORT_ERROR = 1 << 21;
    static final long MAX_PAGES = 1 << 22;
    static final long CACHE_SYMLINKS = 1 << 23;
    static final long EXPLICIT_INVAL_DATA = 1 << 25;
    static final long HANDLE_KILLPRIV_V2 = 1 << 28;
    static final long SETXATTR_EXT = 1 << 29;
    static final long INIT_EXT = 1 << 30;
    static final long DIRECT_IO_ALLOW_MMAP = 1L << 36;
    static final long HAS_RESEND = 1L << 39;

    /**
     * Taken wherever the kernel has them.
     *
     * <p>EXPLICIT_INVAL_DATA and not AUTO_INVAL_DATA: what changes elsewhere is told by INVAL_INODE and by {@code keepCache} at open, whereas AUTO
     * drops a file's pages whenever its time of modification differs from the one remembered, which a program's own writes bring about.
     *
     * <p>The SPLICE flags are not: answers are made in memory, where their checksums have been verified, so there is no descriptor to splice
     * from, and one copy out of a buffer that is in the cache costs less than a pipe's two calls.
     */
    static final long ALWAYS = ASYNC_READ
            | POSIX_LOCKS
            | ATOMIC_O_TRUNC
            | EXPORT_SUPPORT
            | BIG_WRITES
            | DONT_MASK
            | FLOCK_LOCKS
            | DO_READDIRPLUS
            | READDIRPLUS_AUTO
            | ASYNC_DIO
            | PARALLEL_DIROPS
            | POSIX_ACL
            | ABORT_ERROR
            | MAX_PAGES
            | CACHE_SYMLINKS
            | EXPLICIT_INVAL_DATA
            | HANDLE_KILLPRIV_V2
            | SETXATTR_EXT
            | INIT_EXT
            | DIRECT_IO_ALLOW_MMAP
            | HAS_RESEND;

    private InitFlags() {}
}
