package io.tarn.server.node;

/** Why a server does not start, in one line that tells the person who started it what to do. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailure(final String message) {
        super(message);
    }

    public StartFailure(final String message, final Throwable cause) {
        super(message, cause);
    }
}
