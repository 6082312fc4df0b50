package io.tarn.posix.fuse;

import java.io.IOException;

/** A mount could not be made or taken away; the message says why and what to do, for a person. */
public final class MountException extends IOException {
    private static final long serialVersionUID = 1L;

    public MountException(final String message) {
        super(message);
    }

    public MountException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
