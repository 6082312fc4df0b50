package io.tarn.s3.request;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.QueryParameters;
import io.tarn.s3.wire.RawRequest;
import java.util.Optional;

/**
 * A request understood as far as its head goes: which operation, on what, with which parameters and headers. Immutable if its
 * headers are.
 *
 * @param operation what is asked for
 * @param target bucket and key
 * @param query the decoded query
 * @param headers its headers, with those that a presigner moved into the query
 * @param raw the undecoded head, for signatures
 */
public record S3Request(
        Operation operation, Addressing.Target target, QueryParameters query, HeaderView headers, RawRequest raw) {
    /** Most parts of an upload, and the highest part number. */
    public static final int MAX_PARTS = 10_000;

    private static final String VERSION_ID = "versionId";
    private static final String PART_NUMBER = "partNumber";

    /**
     * Parses a request's head.
     *
     * @throws S3Exception InvalidURI, KeyTooLongError, or MethodNotAllowed when the method is not one of the resource's
     */
    public static S3Request parse(final RawRequest raw, final Addressing addressing) {
        Addressing.Target target = addressing.resolve(raw);
        QueryParameters query = QueryParameters.parse(raw.rawQuery());
        HeaderView headers = HeaderView.withHoisted(raw.headers(), query);
        return new S3Request(OperationRouter.route(raw, target, query, headers), target, query, headers, raw);
    }

    /** The bucket of an operation that has one. */
    public String bucket() {
        return target.bucket().orElseThrow(() -> new S3Exception(S3ErrorCode.INVALID_BUCKET_NAME));
    }

    /** The key of an operation on an object. */
    public String key() {
        return target.key().orElseThrow(() -> new S3Exception(S3ErrorCode.INVALID_URI));
    }

    /** A header's first value. */
    public Optional<String> header(final String name) {
        return headers.first(name);
    }

    /** A query parameter's first value. */
    public Optional<String> parameter(final String name) {
        return query.first(name);
    }

    /** The version the request names; fails with InvalidArgument for what is no version id. */
    public Optional<String> versionId() {
        Optional<String> versionId = query.first(VERSION_ID);
        return versionId.isEmpty() ? versionId : Optional.of(VersionIds.require(versionId.get(), VERSION_ID));
    }

    /** The account that the client expects to own the bucket ({@code x-amz-expected-bucket-owner}). */
    public Optional<String> expectedBucketOwner() {
        return header("x-amz-expected-bucket-owner");
    }

    /** Whether the client asks to delete in spite of a governance-mode retention. */
    public boolean bypassGovernanceRetention() {
        return header("x-amz-bypass-governance-retention")
                .filter("true"::equalsIgnoreCase)
                .isPresent();
    }

    /**
     * A numeric query parameter within bounds.
     *
     * @throws S3Exception InvalidArgument when it is no number or outside {@code min..max}
     */
    public Optional<Integer> intParameter(final String name, final int min, final int max) {
        Optional<String> text = query.first(name);
        if (text.isEmpty() || text.get().isEmpty()) {
            return Optional.empty();
        }
        String value = text.get();
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return Optional.of(number);
            }
        } catch (NumberFormatException notANumber) {
            if (name.equals(PART_NUMBER)) {
                throw badPartNumber(value);
            }
            throw S3Exception.invalidArgument(
                    "Provided " + name + " not an integer or within integer range", name, value);
        }
        if (name.equals(PART_NUMBER)) {
            throw badPartNumber(value);
        }
        throw S3Exception.invalidArgument(
                "Argument " + name + " must be an integer between " + min + " and " + max, name, value);
    }

    /** The part the request names; fails with InvalidArgument for what is no part number. */
    public Optional<Integer> partNumber() {
        return intParameter(PART_NUMBER, 1, MAX_PARTS);
    }

    /** The error for a part number that is none. */
    public static S3Exception badPartNumber(final String value) {
        return S3Exception.invalidArgument(
                "Part number must be an integer between 1 and " + MAX_PARTS + ", inclusive", PART_NUMBER, value);
    }
}
