package io.tarn.s3.list;

import io.tarn.s3.request.S3Request;
import java.util.Optional;

/**
 * Where a page of versions or uploads begins, which have an order within their key too.
 *
 * @param key the key to begin after; empty for the start
 * @param within what to begin after within that key; with none, the page begins after the key
 */
record Markers(String key, Optional<String> within) {
    /** Reads {@code key-marker} and the parameter that goes with it. */
    static Markers of(final S3Request request, final String withinName) {
        return new Markers(
                request.parameter("key-marker").orElse(""),
                request.parameter(withinName).filter(marker -> !marker.isEmpty()));
    }
}
