package io.tarn.core.protocol;

import io.grpc.Metadata;
import io.grpc.Status;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.Optional;

/** Failures on the wire: the name in a trailer, the message in the status, whose code is for people and proxies. */
public final class Failures {
    /** Longer messages are cut, so that the trailers stay far below what receivers take. */
    static final int MESSAGE_CHARS_MAX = 1_000;

    private static final String TAKEN_OVER = "TAKEN_OVER";

    private static final Metadata.Key<String> FAILURE =
            Metadata.Key.of("tarn-failure", Metadata.ASCII_STRING_MARSHALLER);

    private Failures() {}

    /** Something that only a broken or hostile peer would say. */
    public static StorageException malformed(final String what) {
        return new StorageException(Failure.INVALID_ARGUMENT, "malformed message: " + what);
    }

    public static Status status(final StorageException failed) {
        final String message = String.valueOf(failed.getMessage());
        return (failed instanceof Unauthenticated ? Status.Code.UNAUTHENTICATED : code(failed.failure()))
                .toStatus()
                .withDescription(message.substring(0, Math.min(message.length(), MESSAGE_CHARS_MAX)));
    }

    public static Metadata trailers(final StorageException failed) {
        final Metadata trailers = new Metadata();
        trailers.put(
                FAILURE,
                failed instanceof TakenOver ? TAKEN_OVER : failed.failure().name());
        return trailers;
    }

    private static Status.Code code(final Failure failure) {
        return switch (failure) {
            case NOT_FOUND -> Status.Code.NOT_FOUND;
            case ALREADY_EXISTS -> Status.Code.ALREADY_EXISTS;
            case PERMISSION_DENIED -> Status.Code.PERMISSION_DENIED;
            case INVALID_ARGUMENT, TOO_LARGE -> Status.Code.INVALID_ARGUMENT;
            case QUOTA_EXCEEDED, OUT_OF_SPACE -> Status.Code.RESOURCE_EXHAUSTED;
            case CONFLICT -> Status.Code.ABORTED;
            case UNAVAILABLE -> Status.Code.UNAVAILABLE;
            case TIMEOUT -> Status.Code.DEADLINE_EXCEEDED;
            case CORRUPT, IO_ERROR -> Status.Code.DATA_LOSS;
            case UNSUPPORTED -> Status.Code.UNIMPLEMENTED;
            case NOT_A_DIRECTORY,
                    IS_A_DIRECTORY,
                    NOT_EMPTY,
                    PRECONDITION_FAILED,
                    LOCKED,
                    STALE_SESSION,
                    CROSS_VOLUME,
                    LOOP -> Status.Code.FAILED_PRECONDITION;
        };
    }

    /** What a node said; empty when it said nothing, and the call failed on its way. */
    public static Optional<StorageException> said(final Status status, final Metadata trailers) {
        if (status.getCode() == Status.Code.UNAUTHENTICATED) {
            return Optional.of(new Unauthenticated(String.valueOf(status.getDescription())));
        }
        return Optional.ofNullable(trailers.get(FAILURE))
                .map(name -> name.equals(TAKEN_OVER) ? new TakenOver() : failure(name, status.getDescription()));
    }

    /** A failure by its name, as replies and answers carry it. */
    public static StorageException failure(final String name, final String message) {
        for (final Failure failure : Failure.values()) {
            if (failure.name().equals(name)) {
                return new StorageException(failure, message);
            }
        }
        return new StorageException(Failure.IO_ERROR, "a failure of a later release, " + name + ": " + message);
    }
}
