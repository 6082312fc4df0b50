package io.tarn.server.cli;

/** Ends a command with a message for people and a code for scripts. */
final class CommandFailure extends RuntimeException {
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int NO_SERVER = 4;
    static final int DENIED = 5;
    static final int NO_FUSE = 6;
    static final int IN_USE = 7;
    static final int NO_DIRECTORY = 8;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandFailure(final int exitCode, final String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandFailure(final int exitCode, final String message, final Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
