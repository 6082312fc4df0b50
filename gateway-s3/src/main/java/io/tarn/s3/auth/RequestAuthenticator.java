package io.tarn.s3.auth;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.QueryParameters;
import io.tarn.s3.wire.RawRequest;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds out who sent a request. Thread-safe; never blocks, so it may run on an event loop.
 *
 * <p>Cost on the hot path (version 4 in the header): see {@link SignatureV4}.
 */
public final class RequestAuthenticator {
    private final SignatureV4 version4;
    private final SignatureV2 version2;
    private final boolean acceptVersion2;

    /** An authenticator with these secrets and this clock. */
    public RequestAuthenticator(final SecretLookup secrets, final AuthSettings settings, final InstantSource clock) {
        version4 = new SignatureV4(secrets, settings.region(), clock);
        version2 = new SignatureV2(secrets, clock);
        acceptVersion2 = settings.acceptVersion2();
    }

    /**
     * Verifies the signature of a request, or finds that it has none.
     *
     * @param hostBucket the bucket if it stands in the host, which version 2 signs
     * @throws S3Exception with AWS's code for what is wrong with the signature
     */
    public Authentication authenticate(final RawRequest request, final Optional<String> hostBucket) {
        Optional<String> authorization = request.headers().first("authorization");
        QueryParameters query = mayBePresigned(request.rawQuery())
                ? QueryParameters.parse(request.rawQuery())
                : QueryParameters.parse("");
        boolean presigned4 =
                query.has("X-Amz-Algorithm") || query.has("X-Amz-Credential") || query.has("X-Amz-Signature");
        boolean presigned2 = !presigned4 && query.has("AWSAccessKeyId");
        if (authorization.isPresent() && (presigned4 || presigned2)) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_ARGUMENT,
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
                            + "parameter or the Authorization header should be specified");
        }
        if (authorization.isPresent()) {
            return byHeader(request, authorization.get(), hostBucket);
        }
        if (presigned4) {
            return version4.verifyPresigned(request, query);
        }
        if (presigned2) {
            requireVersion2();
            return version2.verifyPresigned(request, query, hostBucket, unsignedPayload(request.headers()));
        }
        return new Authentication.Anonymous(unsignedPayload(request.headers()));
    }

    private Authentication byHeader(
            final RawRequest request, final String authorization, final Optional<String> hostBucket) {
        if (authorization.startsWith(AuthorizationHeader.ALGORITHM)) {
            return version4.verifyHeader(request, authorization);
        }
        if (authorization.startsWith("AWS ")) {
            requireVersion2();
            return version2.verifyHeader(request, authorization, hostBucket, unsignedPayload(request.headers()));
        }
        if (authorization.startsWith("AWS4-ECDSA-P256-SHA256")) {
            throw new S3Exception(S3ErrorCode.NOT_IMPLEMENTED).with("Header", "Authorization");
        }
        if (authorization.isBlank()) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
        int blank = authorization.indexOf(' ');
        throw S3Exception.invalidArgument(
                "Unsupported Authorization Type", "Authorization", blank < 0 ? "" : authorization.substring(0, blank));
    }

    private void requireVersion2() {
        if (!acceptVersion2) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
    }

    private static boolean mayBePresigned(final String rawQuery) {
        return rawQuery.contains("X-Amz-") || rawQuery.contains("AWSAccessKeyId");
    }

    private static PayloadMode unsignedPayload(final HeaderView headers) {
        boolean awsChunked = headers.first("content-encoding")
                        .filter(value -> value.toLowerCase(Locale.ROOT).contains("aws-chunked"))
                        .isPresent()
                && headers.first("x-amz-decoded-content-length").isPresent();
        boolean trailer = headers.first("x-amz-trailer").isPresent();
        return PayloadMode.unsigned(headers.first(PayloadMode.HEADER), awsChunked, trailer);
    }
}
