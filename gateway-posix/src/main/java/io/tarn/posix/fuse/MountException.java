package io.tarn.posix.fuse;

import java.io.IOException;

/** A mount could not be made or taken away; the message says why and what to do, for a person. */
public final class MountException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What kind of obstacle there is, for programs. */
    public enum Reason {
        /** None of the others. */
        OTHER,
        /** The kernel has no FUSE, there is no device for it, or no helper is installed. */
        NO_FUSE,
        /** The user may not mount. */
        NO_RIGHT,
        /** The directory is not there, or is none. */
        NO_DIRECTORY,
        /** Something is mounted there already, or programs use the mount that is to go. */
        IN_USE,
        /** Nothing is mounted there. */
        NOT_MOUNTED
    }

    public MountException(final String message) {
        this(Reason.OTHER, message);
    }

    public MountException(final String message, final Throwable cause) {
        this(Reason.OTHER, message, cause);
    }

    public MountException(final Reason reason, final String message) {
        super(message);
        this.reason = reason;
    }

    public MountException(final Reason reason, final String message, final Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
