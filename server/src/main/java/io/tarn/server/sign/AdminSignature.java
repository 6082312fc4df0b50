package io.tarn.server.sign;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS Signature Version 4</a> with service
 * {@code tarn}, over method, path, query, chosen headers and the body's hash. curl makes the same with {@code --aws-sigv4 aws:amz:us-east-1:tarn}.
 * Paths of the admin API need no percent-coding, so a path is signed as it is sent.
 */
public final class AdminSignature {
    public static final String SERVICE = "tarn";
    /** What the command line signs for; the server takes any region. */
    public static final String REGION = "us-east-1";

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATOR = "aws4_request";
    static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String SIGNED_HEADERS = "host;x-amz-date";

    private AdminSignature() {}

    /** A request as far as it is signed. Header names are in lower case; the body is the whole of it. */
    public record Request(String method, String path, String query, Function<String, String> header, byte[] body) {}

    /** The time as it stands in {@code x-amz-date}. */
    public static String timestamp(final Instant time) {
        return TIMESTAMP.format(time);
    }

    /** The Authorization header for a request whose {@code host} and {@code x-amz-date} are set. */
    public static String authorize(final Request request, final String accessKeyId, final String secret) {
        return authorize(request, SERVICE, SIGNED_HEADERS, accessKeyId, secret);
    }

    /**
     * The Authorization header of a request to another service.
     *
     * @param signedHeaders names of the headers that are signed, all set, in order, between semicolons
     */
    public static String authorize(
            final Request request,
            final String service,
            final String signedHeaders,
            final String accessKeyId,
            final String secret) {
        final String timestamp = request.header().apply("x-amz-date");
        final String scope = scope(timestamp.substring(0, 8), REGION, service);
        return "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                .formatted(
                        ALGORITHM,
                        accessKeyId,
                        scope,
                        signedHeaders,
                        signature(request, signedHeaders, timestamp, REGION, service, secret));
    }

    static String signature(
            final Request request,
            final String signedHeaders,
            final String timestamp,
            final String region,
            final String service,
            final String secret) {
        final String date = timestamp.substring(0, 8);
        final String toSign = ALGORITHM + "\n" + timestamp + "\n" + scope(date, region, service) + "\n"
                + HexFormat.of()
                        .formatHex(sha256(canonical(request, signedHeaders).getBytes(StandardCharsets.UTF_8)));
        byte[] key = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date);
        key = hmac(key, region);
        key = hmac(key, service);
        key = hmac(key, TERMINATOR);
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String scope(final String date, final String region, final String service) {
        return date + "/" + region + "/" + service + "/" + TERMINATOR;
    }

    private static String canonical(final Request request, final String signedHeaders) {
        final StringBuilder text = new StringBuilder()
                .append(request.method())
                .append('\n')
                .append(request.path())
                .append('\n')
                .append(Arrays.stream(request.query().split("&", -1))
                        .filter(parameter -> !parameter.isEmpty())
                        .map(parameter -> parameter.contains("=") ? parameter : parameter + "=")
                        .sorted()
                        .collect(Collectors.joining("&")))
                .append('\n');
        for (final String name : signedHeaders.split(";", -1)) {
            text.append(name)
                    .append(':')
                    .append(request.header().apply(name).strip())
                    .append('\n');
        }
        return text.append('\n')
                .append(signedHeaders)
                .append('\n')
                .append(HexFormat.of().formatHex(sha256(request.body())))
                .toString();
    }

    private static byte[] sha256(final byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] hmac(final byte[] key, final String text) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
