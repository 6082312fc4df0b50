package io.tarn.bench.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Status line and the header fields that decide how the body is framed (RFC 9112 sections 4 and 6).
 *
 * @param status three-digit status code
 * @param contentLength bytes announced by {@code Content-Length}
 * @param chunked whether the body has the chunked transfer coding, which wins over a length
 * @param close whether the server ends the connection after this response
 */
public record ResponseHead(int status, OptionalLong contentLength, boolean chunked, boolean close) {
    /** Largest accepted status line and header section, in bytes. */
    static final int MAX_HEAD_BYTES = 16 * 1024;

    private static final int STATUS_OFFSET = "HTTP/1.1 ".length();
    private static final int STATUS_END = STATUS_OFFSET + 3;

    /**
     * Parses a head from the readable bytes and moves the position behind it.
     *
     * @return empty, with the position untouched, when the head is not complete yet
     * @throws HttpProtocolException when the bytes are no HTTP/1.x response head or it is longer than
     *     {@value #MAX_HEAD_BYTES} bytes
     */
    static Optional<ResponseHead> parse(final ByteBuffer in) throws HttpProtocolException {
        final int start = in.position();
        final int end = endOfHead(in, start);
        if (end < 0) {
            if (in.remaining() >= MAX_HEAD_BYTES) {
                throw new HttpProtocolException("response head exceeds " + MAX_HEAD_BYTES + " bytes");
            }
            return Optional.empty();
        }
        final byte[] bytes = new byte[end - start];
        in.get(start, bytes);
        final ResponseHead head = parse(new String(bytes, StandardCharsets.ISO_8859_1));
        in.position(end);
        return Optional.of(head);
    }

    private static int endOfHead(final ByteBuffer in, final int start) {
        final int limit = Math.min(in.limit(), start + MAX_HEAD_BYTES);
        for (int i = start + 3; i < limit; i++) {
            if (in.get(i) == '\n' && in.get(i - 1) == '\r' && in.get(i - 2) == '\n' && in.get(i - 3) == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static ResponseHead parse(final String head) throws HttpProtocolException {
        final int status = status(head);
        OptionalLong length = OptionalLong.empty();
        boolean chunked = false;
        boolean close = head.startsWith("HTTP/1.0");
        int line = head.indexOf("\r\n") + 2;
        while (true) {
            final int end = head.indexOf("\r\n", line);
            if (end == line) {
                return new ResponseHead(status, length, chunked, close);
            }
            final int colon = head.indexOf(':', line);
            if (colon < 0 || colon > end) {
                throw new HttpProtocolException("header line without a colon: " + head.substring(line, end));
            }
            if (named(head, line, colon, "content-length")) {
                length = OptionalLong.of(length(head.substring(colon + 1, end).strip()));
            } else if (named(head, line, colon, "transfer-encoding")) {
                chunked = hasToken(head.substring(colon + 1, end), "chunked");
            } else if (named(head, line, colon, "connection")) {
                close |= hasToken(head.substring(colon + 1, end), "close");
            }
            line = end + 2;
        }
    }

    private static int status(final String head) throws HttpProtocolException {
        if (!head.startsWith("HTTP/1.") || head.length() < STATUS_END || head.charAt(STATUS_OFFSET - 1) != ' ') {
            throw new HttpProtocolException(
                    "not an HTTP/1.x status line: " + head.lines().findFirst().orElse(""));
        }
        int status = 0;
        for (int i = STATUS_OFFSET; i < STATUS_END; i++) {
            final int digit = head.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new HttpProtocolException("status is not a number: " + head.substring(STATUS_OFFSET, STATUS_END));
            }
            status = status * 10 + digit;
        }
        return status;
    }

    private static boolean named(final String head, final int line, final int colon, final String name) {
        return colon - line == name.length() && head.regionMatches(true, line, name, 0, name.length());
    }

    private static boolean hasToken(final String value, final String token) {
        return value.toLowerCase(Locale.ROOT).contains(token);
    }

    private static long length(final String digits) throws HttpProtocolException {
        try {
            final long length = Long.parseLong(digits);
            if (length >= 0) {
                return length;
            }
            throw new HttpProtocolException("negative Content-Length " + digits);
        } catch (final NumberFormatException e) {
            throw (HttpProtocolException)
                    new HttpProtocolException("Content-Length is not a number: " + digits).initCause(e);
        }
    }

    /** Whether a response with this status never has a body (RFC 9110 section 6.4.1). */
    boolean bodyless() {
        return status == 204 || status == 304;
    }

    /** Whether this is an interim response, to be skipped. */
    boolean interim() {
        return status < 200;
    }
}
