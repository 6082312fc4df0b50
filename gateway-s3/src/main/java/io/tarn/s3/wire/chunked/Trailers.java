package io.tarn.s3.wire.chunked;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects the trailing headers of one body: only announced ones, each once. */
final class Trailers {
    static final int MAX_TRAILERS = 8;
    private static final String SIGNATURE = "x-amz-trailer-signature";

    private final List<String> announced;
    private final Map<String, String> received = new LinkedHashMap<>();
    private String signature = "";

    Trailers(final List<String> announced) {
        this.announced = announced;
    }

    /** Splits the value of {@code x-amz-trailer}. Fails with InvalidRequest for more than {@link #MAX_TRAILERS}. */
    static List<String> parseAnnouncement(final List<String> headerLines) {
        var names = new ArrayList<String>(1);
        for (String line : headerLines) {
            for (String name : line.split(",", MAX_TRAILERS + 2)) {
                if (!name.isBlank()) {
                    names.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        if (names.size() > MAX_TRAILERS) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST, "The value specified in the x-amz-trailer header is not supported");
        }
        return List.copyOf(names);
    }

    void add(final String line) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw malformed();
        }
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (name.equals(SIGNATURE)) {
            if (!signature.isEmpty() || value.isEmpty()) {
                throw malformed();
            }
            signature = value;
        } else if (!signature.isEmpty() || !announced.contains(name) || received.put(name, value) != null) {
            throw malformed();
        }
    }

    boolean hasSignature() {
        return !signature.isEmpty();
    }

    String signature() {
        return signature;
    }

    /** What the trailer's signature is made over. */
    String canonical() {
        var text = new StringBuilder(80);
        received.forEach(
                (name, value) -> text.append(name).append(':').append(value).append('\n'));
        return text.toString();
    }

    /** The trailers received; fails with MalformedTrailerError if an announced one did not come. */
    Map<String, String> complete() {
        if (received.size() != announced.size()) {
            throw malformed();
        }
        return Map.copyOf(received);
    }

    static S3Exception malformed() {
        return new S3Exception(S3ErrorCode.MALFORMED_TRAILER);
    }
}
