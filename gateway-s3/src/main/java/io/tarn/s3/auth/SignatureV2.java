package io.tarn.s3.auth;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.QueryParameters;
import io.tarn.s3.wire.RawRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies the old signature version 2, in the header ({@code AWS key:signature}) and in presigned URLs. Not a hot path: plain
 * strings. Thread-safe.
 *
 * <p>Source: Amazon S3 User Guide, "Signing and authenticating REST requests (AWS signature version 2)".
 */
final class SignatureV2 {
    /** The parameters that are part of the signed resource. */
    private static final Set<String> SIGNED_PARAMETERS = Set.of(
            "accelerate",
            "acl",
            "analytics",
            "cors",
            "delete",
            "encryption",
            "inventory",
            "lifecycle",
            "location",
            "logging",
            "metrics",
            "notification",
            "object-lock",
            "ownershipControls",
            "partNumber",
            "policy",
            "policyStatus",
            "publicAccessBlock",
            "replication",
            "requestPayment",
            "response-cache-control",
            "response-content-disposition",
            "response-content-encoding",
            "response-content-language",
            "response-content-type",
            "response-expires",
            "restore",
            "retention",
            "legal-hold",
            "select",
            "select-type",
            "tagging",
            "torrent",
            "uploadId",
            "uploads",
            "versionId",
            "versioning",
            "versions",
            "website");

    private final SecretLookup secrets;
    private final InstantSource clock;

    SignatureV2(final SecretLookup secrets, final InstantSource clock) {
        this.secrets = secrets;
        this.clock = clock;
    }

    Authentication verifyHeader(
            final RawRequest request,
            final String authorization,
            final Optional<String> hostBucket,
            final PayloadMode payload) {
        String credential = authorization.substring("AWS ".length()).strip();
        int colon = credential.lastIndexOf(':');
        if (colon <= 0 || colon == credential.length() - 1) {
            throw S3Exception.invalidArgument(
                    "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
                    "Authorization",
                    authorization);
        }
        HeaderView headers = request.headers();
        RequestTime.checkSkew(RequestTime.of(headers), clock.instant());
        String date = headers.first("x-amz-date").isPresent()
                ? ""
                : headers.first("date").orElse("");
        QueryParameters query = QueryParameters.parse(request.rawQuery());
        List<String> texts = stringsToSign(request, query, hostBucket, date, false);
        return verify(credential.substring(0, colon), credential.substring(colon + 1), texts, payload, false);
    }

    Authentication verifyPresigned(
            final RawRequest request,
            final QueryParameters query,
            final Optional<String> hostBucket,
            final PayloadMode payload) {
        String expires = query.first("Expires").orElse("");
        Instant end = expiry(expires);
        Instant now = clock.instant();
        if (!now.isBefore(end)) {
            throw RequestTime.expired(end, now);
        }
        List<String> texts = stringsToSign(request, query, hostBucket, expires, true);
        String accessKey = query.first("AWSAccessKeyId").orElse("");
        return verify(accessKey, query.first("Signature").orElse(""), texts, payload, true);
    }

    private static Instant expiry(final String expires) {
        try {
            return Instant.ofEpochSecond(Long.parseLong(expires));
        } catch (NumberFormatException | DateTimeException unreadable) {
            throw new S3Exception(
                    S3ErrorCode.ACCESS_DENIED, "Invalid date (should be seconds since epoch): " + expires, unreadable);
        }
    }

    private Authentication verify(
            final String accessKey,
            final String signature,
            final List<String> texts,
            final PayloadMode payload,
            final boolean presigned) {
        Secret secret = secrets.find(accessKey).orElseThrow(() -> new S3Exception(S3ErrorCode.INVALID_ACCESS_KEY_ID)
                .with("AWSAccessKeyId", accessKey));
        if (secret.sessionToken().isPresent()) {
            throw new S3Exception(S3ErrorCode.UNSUPPORTED_SIGNATURE);
        }
        byte[] given = signature.getBytes(StandardCharsets.UTF_8);
        if (texts.stream()
                .noneMatch(text -> MessageDigest.isEqual(Base64.getEncoder().encode(hmacSha1(secret, text)), given))) {
            throw new S3Exception(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH)
                    .with("AWSAccessKeyId", accessKey)
                    .with("StringToSign", texts.getFirst())
                    .with("SignatureProvided", signature);
        }
        return new Authentication.Signed(accessKey, payload, Optional.empty(), presigned);
    }

    private static byte[] hmacSha1(final Secret secret, final String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.key(), "HmacSHA1"));
            return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }

    /**
     * What the client may have signed. botocore signs a bucket's path with a slash at its end that it then does not send;
     * both name the bucket.
     */
    private static List<String> stringsToSign(
            final RawRequest request,
            final QueryParameters query,
            final Optional<String> hostBucket,
            final String date,
            final boolean presigned) {
        String path = request.rawPath();
        String asSent = stringToSign(request, path, query, hostBucket, date, presigned);
        return path.length() > 1 && path.indexOf('/', 1) < 0 && hostBucket.isEmpty()
                ? List.of(asSent, stringToSign(request, path + "/", query, hostBucket, date, presigned))
                : List.of(asSent);
    }

    private static String stringToSign(
            final RawRequest request,
            final String path,
            final QueryParameters query,
            final Optional<String> hostBucket,
            final String date,
            final boolean presigned) {
        var text = new StringBuilder(256);
        text.append(request.method()).append('\n');
        text.append(value(request, query, "content-md5", presigned)).append('\n');
        text.append(value(request, query, "content-type", presigned)).append('\n');
        text.append(date).append('\n');
        amzHeaders(request, query, presigned)
                .forEach((name, value) ->
                        text.append(name).append(':').append(value).append('\n'));
        hostBucket.ifPresent(bucket -> text.append('/').append(bucket));
        text.append(path);
        appendSubResources(text, query);
        return text.toString();
    }

    private static String value(
            final RawRequest request, final QueryParameters query, final String header, final boolean presigned) {
        Optional<String> value = request.headers().first(header);
        return (value.isEmpty() && presigned ? query.first(header) : value).orElse("");
    }

    private static Map<String, String> amzHeaders(
            final RawRequest request, final QueryParameters query, final boolean presigned) {
        var headers = new TreeMap<String, String>();
        request.headers().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-amz-")) {
                headers.merge(lower, value.strip(), (first, next) -> first + "," + next);
            }
        });
        if (presigned) {
            // presigners move such headers into the query, and sign them as headers
            for (QueryParameters.Parameter parameter : query.all()) {
                if (parameter.name().startsWith("x-amz-")) {
                    headers.putIfAbsent(parameter.name(), parameter.value());
                }
            }
        }
        return headers;
    }

    private static void appendSubResources(final StringBuilder text, final QueryParameters query) {
        var signed = new TreeMap<String, String>();
        for (QueryParameters.Parameter parameter : query.all()) {
            if (SIGNED_PARAMETERS.contains(parameter.name())) {
                signed.putIfAbsent(parameter.name(), parameter.value());
            }
        }
        char separator = '?';
        for (Map.Entry<String, String> parameter : signed.entrySet()) {
            text.append(separator).append(parameter.getKey());
            if (!parameter.getValue().isEmpty()) {
                text.append('=').append(parameter.getValue());
            }
            separator = '&';
        }
    }
}
