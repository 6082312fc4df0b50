package io.tarn.posix.fuse;

import java.io.IOException;

/** What was read from the kernel is not the protocol. Nothing can be believed after that, so the session ends. */
public final class MalformedRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedRequestException(final String message) {
        super(message);
    }
}
