package io.tarn.s3.wire;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent coding of paths and queries (RFC 3986) with S3's rules: UTF-8 below it, and nothing but {@code A-Za-z0-9-._~} left
 * uncoded.
 *
 * <p>Text without a percent sign, a plus or a byte above 127 is given back as it is, with no copy.
 */
public final class PercentCoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final byte[] HEX_VALUE = hexValues();

    private PercentCoding() {}

    /** Decodes a path: {@code +} stands for itself. Fails with InvalidURI on a broken escape or on what is not UTF-8. */
    public static String decodePath(final String raw) {
        return decode(raw, 0, raw.length(), false);
    }

    /** Decodes part of a query: {@code +} is a space. Fails with InvalidURI on a broken escape or on what is not UTF-8. */
    public static String decodeQuery(final String raw, final int from, final int to) {
        return decode(raw, from, to, true);
    }

    private static String decode(final String raw, final int from, final int to, final boolean plusIsSpace) {
        int plain = from;
        while (plain < to && isPlain(raw.charAt(plain), plusIsSpace)) {
            plain++;
        }
        if (plain == to) {
            return raw.substring(from, to);
        }
        var bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < to ? hexValue(raw.charAt(i + 1)) : -1;
                int low = i + 2 < to ? hexValue(raw.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    throw new S3Exception(S3ErrorCode.INVALID_URI);
                }
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else if (c > 0xFF) {
                throw new S3Exception(S3ErrorCode.INVALID_URI);
            } else {
                bytes[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        return strictUtf8(bytes, length);
    }

    private static boolean isPlain(final char c, final boolean plusIsSpace) {
        return c != '%' && c < 0x80 && !(plusIsSpace && c == '+');
    }

    private static String strictUtf8(final byte[] bytes, final int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new S3Exception(S3ErrorCode.INVALID_URI, "Couldn't parse the specified URI.", notUtf8);
        }
    }

    /** Codes text for an answer with {@code encoding-type=url}: every byte but the unreserved and {@code /} is escaped. */
    public static String encode(final String text) {
        int plain = 0;
        while (plain < text.length() && (isUnreserved(text.charAt(plain)) || text.charAt(plain) == '/')) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        var coded = new StringBuilder(utf8.length + 32);
        for (byte b : utf8) {
            if (isUnreserved(b) || b == '/') {
                coded.append((char) b);
            } else {
                coded.append('%').append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
            }
        }
        return coded.toString();
    }

    /** Whether RFC 3986 leaves this byte or character uncoded. */
    public static boolean isUnreserved(final int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** The value of a hexadecimal digit of either case, or -1. */
    public static int hexValue(final int c) {
        return c >= 0 && c < HEX_VALUE.length ? HEX_VALUE[c] : -1;
    }

    private static byte[] hexValues() {
        var values = new byte[128];
        for (int c = 0; c < values.length; c++) {
            values[c] = (byte) Character.digit(c, 16);
        }
        return values;
    }
}
