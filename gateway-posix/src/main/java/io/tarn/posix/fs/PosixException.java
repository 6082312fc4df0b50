package io.tarn.posix.fs;

/** How an operation of a {@link FileSystem} fails: an errno for the program that asked. Carries no stack trace, for most are everyday. */
public final class PosixException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final long rememberMillis;

    PosixException(final Errno errno) {
        this(errno, 0);
    }

    private PosixException(final Errno errno, final long rememberMillis) {
        super(errno.name(), null, false, false);
        this.errno = errno;
        this.rememberMillis = rememberMillis;
    }

    /** Nothing bears a name, and that may be remembered. */
    static PosixException noEntry(final long rememberMillis) {
        return new PosixException(Errno.ENOENT, rememberMillis);
    }

    /** How long a failed {@link FileSystem#lookup} may be taken to fail again; 0 for not at all. */
    public long rememberMillis() {
        return rememberMillis;
    }

    public Errno errno() {
        return errno;
    }
}
