package io.tarn.s3.list;

import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.S3Request;
import io.tarn.s3.wire.PercentCoding;
import java.util.Optional;

/**
 * What all listings are asked with.
 *
 * @param prefix only keys that begin with it
 * @param delimiter text that ends a common prefix; empty for none
 * @param limit most entries of the page
 * @param urlEncoded whether keys are percent-coded in the answer
 */
record ListRequest(String prefix, String delimiter, int limit, boolean urlEncoded) {
    /** Most entries of a page, whatever the client asks for. */
    static final int MAX_KEYS = 1000;

    static ListRequest of(final S3Request request) {
        return of(request, "max-keys");
    }

    static ListRequest of(final S3Request request, final String limitName) {
        int limit = request.intParameter(limitName, 0, Integer.MAX_VALUE).orElse(MAX_KEYS);
        Optional<String> encoding = request.parameter("encoding-type").filter(value -> !value.isEmpty());
        if (encoding.isPresent() && !encoding.get().equals("url")) {
            throw S3Exception.invalidArgument(
                    "Invalid Encoding Method specified in Request", "encoding-type", encoding.get());
        }
        return new ListRequest(
                request.parameter("prefix").orElse(""),
                request.parameter("delimiter").orElse(""),
                Math.min(limit, MAX_KEYS),
                encoding.isPresent());
    }

    /**
     * The prefix as ListObjects answers it: botocore does not decode this one, other clients do. So it is coded only where
     * decoding would change it.
     */
    String prefixForBoth() {
        return prefix.indexOf('%') >= 0 || prefix.indexOf('+') >= 0 ? coded(prefix) : prefix;
    }

    /** A key or prefix as it stands in the answer. */
    String coded(final String key) {
        return urlEncoded ? PercentCoding.encode(key) : key;
    }
}
