package io.tarn.core;

import java.util.Objects;

/**
 * The one exception by which storage operations fail. The {@link Failure} says what a program can do about it, the message
 * says to a person what happened, with names and numbers.
 */
public final class StorageException extends RuntimeException {
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

    public Failure failure() {
        return failure;
    }
}
