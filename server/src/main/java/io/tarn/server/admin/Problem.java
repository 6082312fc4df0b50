package io.tarn.server.admin;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import org.springframework.http.HttpStatus;

/**
 * An error as the API answers it (RFC 9457, {@code application/problem+json}).
 *
 * @param title what kind of error, the same every time
 * @param status HTTP status
 * @param detail what happened, for a person
 * @param failure the core's name of it, for a program
 */
record Problem(String title, int status, String detail, String failure) {
    static Problem of(final StorageException e) {
        return of(status(e.failure()), e.getMessage(), e.failure().name());
    }

    static Problem of(final HttpStatus status, final String detail, final String failure) {
        return new Problem(status.getReasonPhrase(), status.value(), detail, failure);
    }

    private static HttpStatus status(final Failure failure) {
        return switch (failure) {
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case ALREADY_EXISTS, NOT_EMPTY, CONFLICT, LOCKED, STALE_SESSION -> HttpStatus.CONFLICT;
            case PRECONDITION_FAILED -> HttpStatus.PRECONDITION_FAILED;
            case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
            case INVALID_ARGUMENT, NOT_A_DIRECTORY, IS_A_DIRECTORY, CROSS_VOLUME, LOOP -> HttpStatus.BAD_REQUEST;
            case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case QUOTA_EXCEEDED, OUT_OF_SPACE -> HttpStatus.INSUFFICIENT_STORAGE;
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
            case TIMEOUT -> HttpStatus.GATEWAY_TIMEOUT;
            case CORRUPT, IO_ERROR -> HttpStatus.INTERNAL_SERVER_ERROR;
            case UNSUPPORTED -> HttpStatus.NOT_IMPLEMENTED;
        };
    }
}
