package io.tarn.s3.request;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The {@code x-amz-meta-…} headers: at most 2 KiB of names and values, names in lower case, several lines of one name joined by
 * commas, values beyond ASCII in the encoded words of RFC 2047 as AWS has them.
 *
 * <p>Source: Amazon S3 User Guide, "Working with object metadata".
 */
public final class UserMetadata {
    /** What comes before a name in a header. */
    public static final String PREFIX = "x-amz-meta-";

    /** Most bytes of names and values together, in UTF-8, the prefix not counted. */
    public static final int MAX_BYTES = 2048;

    private UserMetadata() {}

    /**
     * Collects the metadata of a request, decoded, sorted by name without prefix.
     *
     * @throws S3Exception MetadataTooLarge
     */
    public static Map<String, String> parse(final HeaderView headers) {
        SortedMap<String, String> metadata = new TreeMap<>();
        headers.forEach((name, value) -> {
            if (name.length() > PREFIX.length() && name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
                metadata.merge(
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT),
                        decode(value),
                        (first, next) -> first + "," + next);
            }
        });
        if (metadata.isEmpty()) {
            return Map.of();
        }
        checkSize(metadata);
        return metadata;
    }

    private static void checkSize(final Map<String, String> metadata) {
        long bytes = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            bytes += utf8Length(entry.getKey()) + utf8Length(entry.getValue());
        }
        if (bytes > MAX_BYTES) {
            throw new S3Exception(S3ErrorCode.METADATA_TOO_LARGE)
                    .with("Size", String.valueOf(bytes))
                    .with("MaxSizeAllowed", String.valueOf(MAX_BYTES));
        }
    }

    private static long utf8Length(final String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A header's value as text: encoded words decoded, and raw UTF-8 that came as ISO-8859-1 put right. */
    static String decode(final String value) {
        String stripped = value.strip();
        if (stripped.contains("=?")) {
            return EncodedWords.decode(stripped);
        }
        return isAscii(stripped) ? stripped : utf8IfValid(stripped);
    }

    /** Clients also send bare UTF-8; what is not valid UTF-8 is kept as the ISO-8859-1 it is. */
    private static String utf8IfValid(final String latin1) {
        for (int i = 0; i < latin1.length(); i++) {
            if (latin1.charAt(i) > 0xFF) {
                return latin1;
            }
        }
        String utf8 = new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return utf8.indexOf('\uFFFD') >= 0 ? latin1 : utf8;
    }

    /** A value for a response header: ASCII as it is, anything else as encoded words. */
    public static String toHeader(final String value) {
        return isAscii(value) ? value : EncodedWords.encode(value);
    }

    private static boolean isAscii(final String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 126 || (c < ' ' && c != '\t')) {
                return false;
            }
        }
        return true;
    }
}
