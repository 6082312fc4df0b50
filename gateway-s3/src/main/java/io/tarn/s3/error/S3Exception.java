package io.tarn.s3.error;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request that ends with an S3 error: what {@code ErrorDocument} writes as the answer.
 *
 * <p>Carries no stack trace, for it is an answer and not a defect, and bad requests must be cheap. Immutable; the {@code with}
 * methods give copies.
 */
public final class S3Exception extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final S3ErrorCode code;
    private final String resource;
    private final transient Map<String, String> details;

    /** An error with AWS's default message for the code. */
    public S3Exception(final S3ErrorCode code) {
        this(code, code.defaultMessage());
    }

    /** An error with a message of its own. */
    public S3Exception(final S3ErrorCode code, final String message) {
        this(code, message, "", Map.of(), null);
    }

    /** An error that another failure led to; the cause is for our log only and never reaches the client. */
    public S3Exception(final S3ErrorCode code, final String message, final Throwable cause) {
        this(code, message, "", Map.of(), cause);
    }

    private S3Exception(
            final S3ErrorCode code,
            final String message,
            final String resource,
            final Map<String, String> details,
            final Throwable cause) {
        super(message, cause, false, false);
        this.code = code;
        this.resource = resource;
        this.details = details;
    }

    /** An InvalidArgument that names the argument, as AWS does. */
    public static S3Exception invalidArgument(
            final String message, final String argumentName, final String argumentValue) {
        return new S3Exception(S3ErrorCode.INVALID_ARGUMENT, message)
                .with("ArgumentName", argumentName)
                .with("ArgumentValue", argumentValue);
    }

    /** A copy with one more element of the error document, kept in the order given: for example {@code BucketName}. */
    public S3Exception with(final String element, final String value) {
        var more = new LinkedHashMap<>(details());
        more.put(element, value);
        return new S3Exception(code, getMessage(), resource, more, getCause());
    }

    /** A copy that names the resource (bucket or object path) the error is about. */
    public S3Exception withResource(final String path) {
        return new S3Exception(code, getMessage(), path, details(), getCause());
    }

    /** The error code. */
    public S3ErrorCode code() {
        return code;
    }

    /** The HTTP status of the answer. */
    public int httpStatus() {
        return code.httpStatus();
    }

    /** The resource named in the error document, if one was set. */
    public Optional<String> resource() {
        return resource.isEmpty() ? Optional.empty() : Optional.of(resource);
    }

    /** Further elements of the error document by name, in their order. */
    public Map<String, String> details() {
        return details == null ? Map.of() : details;
    }
}
