package io.tarn.posix.fs;

/** How an operation of a {@link FileSystem} fails: an errno for the program that asked. Carries no stack trace, for most are everyday. */
public final class PosixException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    PosixException(final Errno errno) {
        super(errno.name(), null, false, false);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }
}
