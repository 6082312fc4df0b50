package io.tarn.core;

import java.util.Objects;

/**
 * The one exception by which storage operations fail. The {@link Failure} says what a program can do about it, the message
 * says to a person what happened, with names and numbers.
 */
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    public StorageException(final Failure failure, final String message) {
        super(message);
        this.failure = Objects.requireNonNull(failure);
    }

    public StorageException(final Failure failure, final String message, final Throwable cause) {
        super(message, cause);
        this.failure = Objects.requireNonNull(failure);
    }

    /** For what is expected so often that no stack trace is worth its cost. */
    protected StorageException(final Failure failure, final String message, final boolean withStackTrace) {
        super(message, null, withStackTrace, withStackTrace);
        this.failure = Objects.requireNonNull(failure);
    }

    public final Failure failure() {
        return failure;
    }
}
