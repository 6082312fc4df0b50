package io.tarn.bench.s3;

import io.tarn.bench.http.BodySink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gathers the XML of a list page, or of an error, and finds the keys in it without an XML parser: the keys of a benchmark hold
 * no character that XML escapes. The array is reused between pages; not thread-safe.
 */
final class ListingBody implements BodySink {
    /** Largest accepted page, in bytes; a page of 1,000 keys is about 300 KiB. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final byte[] OPEN = "<Key>".getBytes(StandardCharsets.US_ASCII);
    private static final int EXCERPT_BYTES = 600;

    private byte[] bytes = new byte[4096];
    private int size;

    void clear() {
        size = 0;
    }

    @Override
    public void accept(final ByteBuffer chunk) throws UnexpectedAnswerException {
        final int length = chunk.remaining();
        if (length > MAX_BYTES - size) {
            throw new UnexpectedAnswerException("answer exceeds " + MAX_BYTES + " bytes: " + excerpt());
        }
        if (bytes.length - size < length) {
            bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES, Math.max(bytes.length * 2, size + length)));
        }
        chunk.get(bytes, size, length);
        size += length;
    }

    int keys() {
        int count = 0;
        for (int at = next(0); at >= 0; at = next(at)) {
            count++;
        }
        return count;
    }

    String firstKey() {
        final int start = next(0);
        if (start < 0) {
            return "";
        }
        int end = start;
        while (end < size && bytes[end] != '<') {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    String excerpt() {
        return new String(bytes, 0, Math.min(size, EXCERPT_BYTES), StandardCharsets.UTF_8);
    }

    /** Offset behind the next opening tag at or after an offset, or -1. */
    private int next(final int from) {
        for (int i = from; i <= size - OPEN.length; i++) {
            if (bytes[i] == '<'
                    && bytes[i + 1] == 'K'
                    && Arrays.equals(bytes, i, i + OPEN.length, OPEN, 0, OPEN.length)) {
                return i + OPEN.length;
            }
        }
        return -1;
    }
}
