package io.tarn.s3.call;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.Operation;
import io.tarn.s3.request.S3Request;

/**
 * The one place where a failure of the store becomes an error of S3. Operations look for what they need first and say
 * themselves what is missing; what arrives here happened between that look and the commit, or inside the store.
 */
public final class FailureMapping {
    private static final String NO_ROOM = "The server is out of space: it takes writes again when some was freed.";

    private FailureMapping() {}

    /** What a failure of this request's operation is on S3. */
    public static S3Exception toS3(final StorageException failure, final S3Request request) {
        return toS3(failure, request.operation(), request.parameter("versionId").isPresent());
    }

    /**
     * What a failure of an operation is on S3.
     *
     * @param version whether a version was named
     */
    public static S3Exception toS3(final StorageException failure, final Operation operation, final boolean version) {
        S3ErrorCode code =
                switch (failure.failure()) {
                    case NOT_FOUND -> missing(operation, version);
                    case ALREADY_EXISTS -> S3ErrorCode.BUCKET_ALREADY_EXISTS;
                    case NOT_EMPTY -> S3ErrorCode.BUCKET_NOT_EMPTY;
                    case PERMISSION_DENIED -> S3ErrorCode.ACCESS_DENIED;
                    case PRECONDITION_FAILED -> S3ErrorCode.PRECONDITION_FAILED;
                    case CONFLICT, LOCKED -> conflict(operation);
                    case INVALID_ARGUMENT, NOT_A_DIRECTORY, IS_A_DIRECTORY, LOOP, CROSS_VOLUME ->
                        S3ErrorCode.INVALID_REQUEST;
                    case TOO_LARGE -> S3ErrorCode.ENTITY_TOO_LARGE;
                    case QUOTA_EXCEEDED -> S3ErrorCode.QUOTA_EXCEEDED;
                    case OUT_OF_SPACE -> S3ErrorCode.SERVICE_UNAVAILABLE;
                    case UNAVAILABLE, STALE_SESSION, TIMEOUT -> S3ErrorCode.SLOW_DOWN;
                    case CORRUPT, IO_ERROR -> S3ErrorCode.INTERNAL_ERROR;
                    case UNSUPPORTED -> S3ErrorCode.NOT_IMPLEMENTED;
                };
        String message = failure.failure() == Failure.OUT_OF_SPACE ? NO_ROOM : code.defaultMessage();
        return new S3Exception(code, message, failure);
    }

    private static S3ErrorCode missing(final Operation operation, final boolean version) {
        return switch (operation) {
            case UPLOAD_PART, UPLOAD_PART_COPY, LIST_PARTS, ABORT_MULTIPART_UPLOAD -> S3ErrorCode.NO_SUCH_UPLOAD;
            default -> {
                if (operation.level() != Operation.Level.OBJECT) {
                    yield S3ErrorCode.NO_SUCH_BUCKET;
                }
                yield version ? S3ErrorCode.NO_SUCH_VERSION : S3ErrorCode.NO_SUCH_KEY;
            }
        };
    }

    private static S3ErrorCode conflict(final Operation operation) {
        return operation == Operation.COMPLETE_MULTIPART_UPLOAD
                ? S3ErrorCode.INVALID_PART
                : S3ErrorCode.OPERATION_ABORTED;
    }
}
