package io.tarn.s3.auth;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.Hex;
import io.tarn.s3.wire.HttpDate;
import io.tarn.s3.wire.QueryParameters;
import io.tarn.s3.wire.RawRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies signature version 4 in the Authorization header and in presigned URLs. Thread-safe.
 *
 * <p>Cost: the canonical request is written once into a borrowed buffer; one SHA-256, one HMAC, and a hit in the cache of
 * signing keys. Nothing blocks.
 */
final class SignatureV4 {
    /** A presigned URL lives at most a week. */
    static final long MAX_EXPIRES_SECONDS = 604_800;

    private static final int DATE_LENGTH = 8;

    private final SecretLookup secrets;
    private final String region;
    private final InstantSource clock;
    private final SigningKeys keys = new SigningKeys();

    SignatureV4(final SecretLookup secrets, final String region, final InstantSource clock) {
        this.secrets = secrets;
        this.region = region;
        this.clock = clock;
    }

    /** All that the two places a signature can stand in have in common. */
    private record Claim(
            Credential credential,
            String signedHeaders,
            String signature,
            String timestamp,
            String payloadHash,
            boolean presigned) {}

    Authentication verifyHeader(final RawRequest request, final String authorization) {
        AuthorizationHeader header = AuthorizationHeader.parse(authorization);
        HeaderView headers = request.headers();
        Credential credential = header.credential();
        Instant signedAt = RequestTime.of(headers);
        String timestamp = headers.first("x-amz-date")
                .filter(text -> HttpDate.parseBasicIso(text).isPresent())
                .orElseGet(() -> RequestTime.format(signedAt));
        checkScope(credential, timestamp, AuthorizationHeader::malformed);
        RequestTime.checkSkew(signedAt, clock.instant());
        String payloadHash = headers.first(PayloadMode.HEADER)
                .orElseThrow(() -> new S3Exception(
                        S3ErrorCode.INVALID_REQUEST, "Missing required header for this request: x-amz-content-sha256"));
        PayloadMode payload = PayloadMode.parse(payloadHash);
        checkSessionToken(credential.accessKey(), headers.first("x-amz-security-token"));
        var claim = new Claim(credential, header.signedHeaders(), header.signature(), timestamp, payloadHash, false);
        return verify(request, claim, payload);
    }

    Authentication verifyPresigned(final RawRequest request, final QueryParameters query) {
        if (!required(query, "X-Amz-Algorithm").equals(AuthorizationHeader.ALGORITHM)) {
            throw queryError("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        Credential credential =
                Credential.parse(required(query, "X-Amz-Credential"), SignatureV4::queryCredentialError);
        String timestamp = required(query, "X-Amz-Date");
        Instant signedAt = HttpDate.parseBasicIso(timestamp)
                .orElseThrow(
                        () -> queryError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""));
        checkScope(credential, timestamp, SignatureV4::queryCredentialError);
        checkLifetime(signedAt, required(query, "X-Amz-Expires"));
        String payloadHash = query.first("X-Amz-Content-Sha256")
                .or(() -> query.first(PayloadMode.HEADER))
                .or(() -> request.headers().first(PayloadMode.HEADER))
                .orElse("UNSIGNED-PAYLOAD");
        PayloadMode payload = PayloadMode.parse(payloadHash);
        checkSessionToken(credential.accessKey(), query.first("X-Amz-Security-Token"));
        var claim = new Claim(
                credential,
                required(query, "X-Amz-SignedHeaders"),
                required(query, "X-Amz-Signature"),
                timestamp,
                payloadHash,
                true);
        return verify(request, claim, payload);
    }

    private static String required(final QueryParameters query, final String name) {
        return query.first(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> queryError(
                        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                                + "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."));
    }

    private static S3Exception queryError(final String message) {
        return new S3Exception(S3ErrorCode.AUTHORIZATION_QUERY_PARAMETERS_ERROR, message);
    }

    private static S3Exception queryCredentialError(final String detail) {
        return queryError("Error parsing the X-Amz-Credential parameter; " + detail);
    }

    private void checkScope(
            final Credential credential, final String timestamp, final Function<String, S3Exception> malformed) {
        if (!timestamp.regionMatches(0, credential.date(), 0, DATE_LENGTH)) {
            throw malformed.apply("Invalid credential date \"" + credential.date()
                    + "\". This date is not the same as X-Amz-Date: \"" + timestamp.substring(0, DATE_LENGTH) + "\".");
        }
        Optional<S3Exception> wrongRegion = credential.checkRegion(region, malformed);
        if (wrongRegion.isPresent()) {
            throw wrongRegion.get();
        }
    }

    /**
     * A lifetime out of bounds is answered with 403: AWS has 400 for it, but ceph's suite, which runs against both, expects
     * what an expired URL gets, and either way the client is refused.
     */
    private void checkLifetime(final Instant signedAt, final String expires) {
        long seconds;
        try {
            seconds = Long.parseLong(expires);
        } catch (NumberFormatException notANumber) {
            throw queryError("X-Amz-Expires should be a number");
        }
        if (seconds < 0) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED, "X-Amz-Expires must be non-negative");
        }
        if (seconds > MAX_EXPIRES_SECONDS) {
            throw new S3Exception(
                    S3ErrorCode.ACCESS_DENIED,
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
                            + "than " + MAX_EXPIRES_SECONDS + " seconds");
        }
        Instant now = clock.instant();
        if (Duration.between(now, signedAt).compareTo(RequestTime.MAX_SKEW) > 0) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED, "Request is not valid yet")
                    .with("X-Amz-Date", RequestTime.format(signedAt))
                    .with("ServerTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        Instant end = signedAt.plusSeconds(seconds);
        if (!now.isBefore(end)) {
            throw RequestTime.expired(end, now).with("X-Amz-Expires", expires);
        }
    }

    private void checkSessionToken(final String accessKey, final Optional<String> token) {
        Optional<String> expected = secret(accessKey).sessionToken();
        boolean same = expected.isPresent() == token.isPresent()
                && MessageDigest.isEqual(
                        token.orElse("").getBytes(StandardCharsets.UTF_8),
                        expected.orElse("").getBytes(StandardCharsets.UTF_8));
        if (!same) {
            throw new S3Exception(S3ErrorCode.INVALID_TOKEN);
        }
    }

    private Secret secret(final String accessKey) {
        return secrets.find(accessKey).orElseThrow(() -> new S3Exception(S3ErrorCode.INVALID_ACCESS_KEY_ID)
                .with("AWSAccessKeyId", accessKey));
    }

    private Authentication verify(final RawRequest request, final Claim claim, final PayloadMode payload) {
        checkHeadersAreSigned(request.headers(), claim);
        Credential credential = claim.credential();
        SecretKeySpec key = keys.get(
                credential.accessKey(), secret(credential.accessKey()), credential.date(), credential.region());
        SigningScratch scratch = SigningScratch.borrow();
        try {
            CanonicalRequest.write(
                    scratch,
                    request,
                    claim.signedHeaders(),
                    claim.payloadHash(),
                    claim.presigned() ? "X-Amz-Signature" : "");
            int canonicalEnd = scratch.length();
            writeStringToSign(scratch, claim, canonicalEnd);
            byte[] expected = scratch.hmac(key, canonicalEnd);
            if (!MessageDigest.isEqual(expected, Hex.decode(claim.signature(), expected.length))) {
                throw mismatch(scratch, claim, canonicalEnd);
            }
        } finally {
            scratch.release();
        }
        boolean chain = payload instanceof PayloadMode.Chunked chunked && chunked.signed();
        return new Authentication.Signed(
                credential.accessKey(),
                payload,
                chain ? Optional.of(chunkSigner(claim, key)) : Optional.empty(),
                claim.presigned());
    }

    private static void writeStringToSign(final SigningScratch scratch, final Claim claim, final int canonicalEnd) {
        scratch.put(AuthorizationHeader.ALGORITHM);
        scratch.put('\n');
        scratch.put(claim.timestamp());
        scratch.put('\n');
        claim.credential().writeScope(scratch);
        scratch.put('\n');
        scratch.putSha256Hex(0, canonicalEnd);
    }

    private static ChunkSigner chunkSigner(final Claim claim, final SecretKeySpec key) {
        Credential credential = claim.credential();
        String scope = credential.date() + "/" + credential.region() + "/s3/aws4_request";
        return new ChunkSigner(key, claim.timestamp() + "\n" + scope, claim.signature());
    }

    /** Tells the client what we signed, as AWS does: it is how people find the header their proxy changed. */
    private static S3Exception mismatch(final SigningScratch scratch, final Claim claim, final int canonicalEnd) {
        int end = scratch.length();
        return new S3Exception(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH)
                .with("AWSAccessKeyId", claim.credential().accessKey())
                .with(
                        "StringToSign",
                        new String(scratch.bytes(), canonicalEnd, end - canonicalEnd, StandardCharsets.UTF_8))
                .with("SignatureProvided", claim.signature())
                .with("CanonicalRequest", new String(scratch.bytes(), 0, canonicalEnd, StandardCharsets.UTF_8));
    }

    /** The host and everything that steers S3 must be under the signature, or a proxy could change it unseen. */
    private static void checkHeadersAreSigned(final HeaderView headers, final Claim claim) {
        String signed = claim.signedHeaders();
        if (!isListed(signed, "host")) {
            throw notSigned("host");
        }
        headers.forEach((name, value) -> {
            if (name.regionMatches(true, 0, "x-amz-", 0, 6)
                    && !isListed(signed, name)
                    && !name.equalsIgnoreCase(PayloadMode.HEADER)) {
                throw notSigned(name.toLowerCase(Locale.ROOT));
            }
        });
    }

    private static S3Exception notSigned(final String name) {
        return new S3Exception(
                        S3ErrorCode.ACCESS_DENIED, "There were headers present in the request which were not signed")
                .with("HeadersNotSigned", name);
    }

    private static boolean isListed(final String signedHeaders, final String name) {
        int length = name.length();
        for (int at = 0; at >= 0 && at + length <= signedHeaders.length(); ) {
            int end = at + length;
            if (signedHeaders.regionMatches(true, at, name, 0, length)
                    && (end == signedHeaders.length() || signedHeaders.charAt(end) == ';')) {
                return true;
            }
            int next = signedHeaders.indexOf(';', at);
            at = next < 0 ? -1 : next + 1;
        }
        return false;
    }
}
