package io.tarn.s3.request;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.QueryParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The headers that describe an object's content, stored with it and given back by GET and HEAD.
 *
 * @param contentType media type; {@code binary/octet-stream} is what S3 answers when there was none
 * @param contentEncoding codings without {@code aws-chunked}, which belongs to the transfer
 */
public record ContentHeaders(
        Optional<String> contentType,
        Optional<String> contentEncoding,
        Optional<String> contentDisposition,
        Optional<String> contentLanguage,
        Optional<String> cacheControl,
        Optional<String> expires,
        Optional<String> websiteRedirectLocation) {

    /** Answered for objects stored without a type. */
    public static final String DEFAULT_CONTENT_TYPE = "binary/octet-stream";

    private static final char LATIN_1_MAX = 0xFF;

    private static final String[][] OVERRIDES = {
        {"response-content-type", "Content-Type"},
        {"response-content-language", "Content-Language"},
        {"response-expires", "Expires"},
        {"response-cache-control", "Cache-Control"},
        {"response-content-disposition", "Content-Disposition"},
        {"response-content-encoding", "Content-Encoding"},
    };

    /** Reads the headers of a PUT, COPY or CreateMultipartUpload. Fails with InvalidRedirectLocation. */
    public static ContentHeaders of(final HeaderView headers) {
        return new ContentHeaders(
                value(headers, "content-type"),
                withoutAwsChunked(headers),
                value(headers, "content-disposition"),
                value(headers, "content-language"),
                value(headers, "cache-control"),
                value(headers, "expires"),
                value(headers, "x-amz-website-redirect-location").map(ContentHeaders::redirect));
    }

    private static String redirect(final String location) {
        if (!location.startsWith("/") && !location.startsWith("http://") && !location.startsWith("https://")) {
            throw new S3Exception(S3ErrorCode.INVALID_REDIRECT_LOCATION);
        }
        return location;
    }

    private static Optional<String> value(final HeaderView headers, final String name) {
        return headers.first(name).filter(value -> !value.isEmpty());
    }

    private static Optional<String> withoutAwsChunked(final HeaderView headers) {
        Optional<String> first = value(headers, "content-encoding");
        if (first.isEmpty()) {
            return first;
        }
        var kept = new ArrayList<String>(2);
        for (String line : headers.all("content-encoding")) {
            for (String coding : line.split(",", -1)) {
                String name = coding.strip();
                if (!name.isEmpty() && !name.toLowerCase(Locale.ROOT).equals("aws-chunked")) {
                    kept.add(name);
                }
            }
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", kept));
    }

    /** The {@code response-…} parameters of a GET or HEAD as header name and value; only signed requests may use them. */
    public static Map<String, String> responseOverrides(final QueryParameters query) {
        if (query.isEmpty()) {
            return Map.of();
        }
        var overrides = new LinkedHashMap<String, String>();
        for (String[] override : OVERRIDES) {
            query.first(override[0])
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> overrides.put(override[1], headerSafe(override[0], value)));
        }
        return overrides;
    }

    /** A value from a query goes into a header of ours: no line may be smuggled in with it, and no character lost. */
    private static String headerSafe(final String name, final String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) {
                throw S3Exception.invalidArgument("Header value cannot contain control characters", name, value);
            }
            if (c > LATIN_1_MAX) {
                throw S3Exception.invalidArgument("Header value cannot be represented using ISO-8859-1.", name, value);
            }
        }
        return value;
    }

    /**
     * The length of the object's bytes: {@code x-amz-decoded-content-length} for a chunked payload, else
     * {@code Content-Length}; empty if neither was sent.
     *
     * @throws S3Exception InvalidArgument when it is not a number
     */
    public static OptionalLong payloadLength(final HeaderView headers, final boolean awsChunked) {
        String name = awsChunked ? "x-amz-decoded-content-length" : "content-length";
        Optional<String> value = headers.first(name);
        if (value.isPresent() && value.get().isEmpty() && !awsChunked) {
            throw new S3Exception(S3ErrorCode.BAD_REQUEST, "Invalid Content-Length");
        }
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(nonNegative(name, value.get()));
    }

    static long nonNegative(final String name, final String value) {
        long number = 0;
        boolean valid = !value.isEmpty() && value.length() <= 18;
        for (int i = 0; valid && i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            valid = digit >= 0 && digit <= 9;
            number = number * 10 + digit;
        }
        if (!valid) {
            throw S3Exception.invalidArgument("Invalid value for " + name, name, value);
        }
        return number;
    }

    /** The header names and values to answer with, in a fixed order, the default type included. */
    public List<Map.Entry<String, String>> toHeaders() {
        var headers = new ArrayList<Map.Entry<String, String>>(4);
        headers.add(Map.entry("Content-Type", contentType.orElse(DEFAULT_CONTENT_TYPE)));
        contentEncoding.ifPresent(value -> headers.add(Map.entry("Content-Encoding", value)));
        contentDisposition.ifPresent(value -> headers.add(Map.entry("Content-Disposition", value)));
        contentLanguage.ifPresent(value -> headers.add(Map.entry("Content-Language", value)));
        cacheControl.ifPresent(value -> headers.add(Map.entry("Cache-Control", value)));
        expires.ifPresent(value -> headers.add(Map.entry("Expires", value)));
        websiteRedirectLocation.ifPresent(value -> headers.add(Map.entry("x-amz-website-redirect-location", value)));
        return List.copyOf(headers);
    }
}
