package io.tarn.s3.auth;

import io.tarn.s3.wire.RawRequest;
import java.util.List;

/**
 * Writes the canonical request of signature version 4 as S3 defines it.
 *
 * <p>Source: Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header", task 1.
 */
final class CanonicalRequest {
    private CanonicalRequest() {}

    /**
     * Appends the canonical request.
     *
     * @param signedHeaders names in lower case, separated by {@code ;}, as the client listed them
     * @param payloadHash the last line
     * @param exceptParameter the query parameter that is left out, or empty
     */
    static void write(
            final SigningScratch out,
            final RawRequest request,
            final String signedHeaders,
            final String payloadHash,
            final String exceptParameter) {
        out.put(request.method());
        out.put('\n');
        CanonicalQuery.writePath(out, request.rawPath());
        out.put('\n');
        CanonicalQuery.writeQuery(out, request.rawQuery(), exceptParameter);
        out.put('\n');
        int start = 0;
        while (start <= signedHeaders.length()) {
            int end = signedHeaders.indexOf(';', start);
            end = end < 0 ? signedHeaders.length() : end;
            writeHeader(out, request, signedHeaders.substring(start, end));
            start = end + 1;
        }
        out.put('\n');
        out.put(signedHeaders);
        out.put('\n');
        out.put(payloadHash);
    }

    private static void writeHeader(final SigningScratch out, final RawRequest request, final String name) {
        out.put(name);
        out.put(':');
        List<String> values = request.headers().all(name);
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            writeTrimmed(out, values.get(i));
        }
        out.put('\n');
    }

    /** Writes a value without blanks at its ends, and with runs of blanks within it made one. */
    static void writeTrimmed(final SigningScratch out, final String value) {
        boolean blankPending = false;
        boolean any = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t') {
                blankPending = any;
            } else {
                if (blankPending) {
                    out.put(' ');
                    blankPending = false;
                }
                out.put(c);
                any = true;
            }
        }
    }
}
