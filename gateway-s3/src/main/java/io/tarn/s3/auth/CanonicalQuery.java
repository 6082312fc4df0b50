package io.tarn.s3.auth;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.PercentCoding;
import io.tarn.s3.wire.QueryParameters;
import java.util.Arrays;

/** Writes path and query of a canonical request: escapes put in AWS's one form, parameters sorted by their coded bytes. */
final class CanonicalQuery {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private CanonicalQuery() {}

    /** Writes the path, coded once, slashes kept, nothing normalised. */
    static void writePath(final SigningScratch out, final String rawPath) {
        writeCoded(out, rawPath, 0, rawPath.length(), true, false);
    }

    /** Writes the query without the parameter {@code except}. */
    static void writeQuery(final SigningScratch out, final String rawQuery, final String except) {
        if (rawQuery.isEmpty()) {
            return;
        }
        int first = out.length();
        int count = 0;
        var spans = new int[8];
        int start = 0;
        while (start <= rawQuery.length()) {
            int end = rawQuery.indexOf('&', start);
            end = end < 0 ? rawQuery.length() : end;
            if (end > start && !isNamed(rawQuery, start, end, except)) {
                if (count == QueryParameters.MAX_PARAMETERS) {
                    throw new S3Exception(S3ErrorCode.INVALID_URI);
                }
                if (count * 2 == spans.length) {
                    spans = Arrays.copyOf(spans, count * 4);
                }
                spans[2 * count] = out.length();
                writeParameter(out, rawQuery, start, end);
                spans[2 * count + 1] = out.length();
                count++;
            }
            start = end + 1;
        }
        sort(out, spans, count);
        join(out, spans, count, first);
    }

    private static boolean isNamed(final String rawQuery, final int start, final int end, final String name) {
        int length = name.length();
        return !name.isEmpty()
                && rawQuery.startsWith(name, start)
                && (start + length == end || rawQuery.charAt(start + length) == '=');
    }

    private static void writeParameter(
            final SigningScratch out, final String rawQuery, final int start, final int end) {
        int equals = rawQuery.indexOf('=', start);
        if (equals < 0 || equals > end) {
            equals = end;
        }
        writeCoded(out, rawQuery, start, equals, false, true);
        out.put('=');
        if (equals < end) {
            writeCoded(out, rawQuery, equals + 1, end, false, true);
        }
    }

    private static void writeCoded(
            final SigningScratch out,
            final String raw,
            final int from,
            final int to,
            final boolean keepSlash,
            final boolean plusIsSpace) {
        for (int i = from; i < to; i++) {
            int c = raw.charAt(i);
            if (c == '%' && i + 2 < to) {
                int high = PercentCoding.hexValue(raw.charAt(i + 1));
                int low = PercentCoding.hexValue(raw.charAt(i + 2));
                if (high >= 0 && low >= 0) {
                    c = high << 4 | low;
                    i += 2;
                }
            } else if (c == '+' && plusIsSpace) {
                c = ' ';
            }
            if (PercentCoding.isUnreserved(c) || (c == '/' && keepSlash)) {
                out.put(c);
            } else {
                out.put('%');
                out.put(HEX[c >> 4 & 15]);
                out.put(HEX[c & 15]);
            }
        }
    }

    /** Insertion sort: queries are short and mostly sorted. */
    private static void sort(final SigningScratch out, final int[] spans, final int count) {
        for (int i = 1; i < count; i++) {
            int from = spans[2 * i];
            int to = spans[2 * i + 1];
            int j = i - 1;
            while (j >= 0 && compare(out.bytes(), spans[2 * j], spans[2 * j + 1], from, to) > 0) {
                spans[2 * j + 2] = spans[2 * j];
                spans[2 * j + 3] = spans[2 * j + 1];
                j--;
            }
            spans[2 * j + 2] = from;
            spans[2 * j + 3] = to;
        }
    }

    /** Compares names, then values; the {@code =} between them sorts before every byte a name can have. */
    private static int compare(
            final byte[] bytes, final int leftFrom, final int leftTo, final int rightFrom, final int rightTo) {
        int common = Math.min(leftTo - leftFrom, rightTo - rightFrom);
        for (int i = 0; i < common; i++) {
            int left = bytes[leftFrom + i];
            int right = bytes[rightFrom + i];
            if (left != right) {
                return (left == '=' ? 0 : left) - (right == '=' ? 0 : right);
            }
        }
        return (leftTo - leftFrom) - (rightTo - rightFrom);
    }

    /** Puts the sorted parameters behind the unsorted ones, then moves them down over those. */
    private static void join(final SigningScratch out, final int[] spans, final int count, final int first) {
        int sorted = out.length();
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put('&');
            }
            for (int at = spans[2 * i]; at < spans[2 * i + 1]; at++) {
                out.put(out.bytes()[at]);
            }
        }
        int length = out.length() - sorted;
        System.arraycopy(out.bytes(), sorted, out.bytes(), first, length);
        out.truncate(first + length);
    }
}
