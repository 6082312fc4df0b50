package io.tarn.s3.gateway;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signature version 4 as a client makes it, written apart from the code under test. Targets must come percent-coded. */
record TestSigner(String accessKey, String secret, String region) {
    static final TestSigner MAIN =
            new TestSigner("MAINKEY0000000000000", "mainsecretmainsecretmainsecret", "us-east-1");
    static final TestSigner ALT = new TestSigner("ALTKEY00000000000000", "altsecretaltsecretaltsecretalt", "us-east-1");

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** The headers with host, date, payload hash and signature; a payload hash that is there already is kept. */
    List<String> sign(
            final String method,
            final String target,
            final String host,
            final List<String> headers,
            final byte[] body,
            final Instant now) {
        final var all = new ArrayList<>(headers);
        final var signed = new TreeMap<String, String>();
        for (int i = 0; i < headers.size(); i += 2) {
            final String name = headers.get(i).toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-") || name.equals("host")) {
                signed.merge(name, headers.get(i + 1).strip(), (first, next) -> first + "," + next);
            }
        }
        add("host", host, signed, all);
        add("x-amz-date", TIMESTAMP.format(now), signed, all);
        add("x-amz-content-sha256", HexFormat.of().formatHex(sha256(body)), signed, all);
        final String names = String.join(";", signed.keySet());
        final String timestamp = signed.get("x-amz-date");
        final String signature =
                signature(method, target, signed, names, signed.get("x-amz-content-sha256"), timestamp);
        all.add("Authorization");
        all.add("AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + scope(timestamp) + ",SignedHeaders=" + names
                + ",Signature=" + signature);
        return all;
    }

    private static void add(
            final String name, final String value, final Map<String, String> signed, final List<String> all) {
        if (signed.putIfAbsent(name, value) == null) {
            all.add(name);
            all.add(value);
        }
    }

    /** A presigned target: {@code parameters} are more of the query, signed with it; only the host header is signed. */
    String presign(
            final String method,
            final String path,
            final String host,
            final Map<String, String> parameters,
            final Instant now) {
        final String timestamp = TIMESTAMP.format(now);
        final var query = new TreeMap<String, String>(parameters);
        query.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        query.put("X-Amz-Credential", accessKey + "/" + scope(timestamp));
        query.put("X-Amz-Date", timestamp);
        query.put("X-Amz-Expires", "300");
        query.put("X-Amz-SignedHeaders", "host");
        final String target = path + "?"
                + query.entrySet().stream()
                        .map(e -> coded(e.getKey()) + "=" + coded(e.getValue()))
                        .collect(Collectors.joining("&"));
        final String hash = parameters.getOrDefault("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
        return target + "&X-Amz-Signature=" + signature(method, target, Map.of("host", host), "host", hash, timestamp);
    }

    static String coded(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private String scope(final String timestamp) {
        return timestamp.substring(0, 8) + "/" + region + "/s3/aws4_request";
    }

    private String signature(
            final String method,
            final String target,
            final Map<String, String> headers,
            final String names,
            final String payloadHash,
            final String timestamp) {
        final int mark = target.indexOf('?');
        final String path = mark < 0 ? target : target.substring(0, mark);
        final String query = mark < 0
                ? ""
                : Stream.of(target.substring(mark + 1).split("&", -1))
                        .map(parameter -> parameter.contains("=") ? parameter : parameter + "=")
                        .sorted(Comparator.comparing(
                                        (String parameter) -> parameter.substring(0, parameter.indexOf('=')))
                                .thenComparing(Comparator.naturalOrder()))
                        .collect(Collectors.joining("&"));
        final String lines = headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining());
        final String canonical = String.join("\n", method, path, query, lines, names, payloadHash);
        final String text = String.join(
                "\n",
                "AWS4-HMAC-SHA256",
                timestamp,
                scope(timestamp),
                HexFormat.of().formatHex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (final String step : List.of(timestamp.substring(0, 8), region, "s3", "aws4_request", text)) {
            key = hmac(key, step);
        }
        return HexFormat.of().formatHex(key);
    }

    private static byte[] sha256(final byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(final byte[] key, final String text) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
