package io.tarn.s3.wire;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Read access to a request's headers, whatever HTTP library holds them. Names are matched without regard to case; values are
 * the bytes of the wire as ISO-8859-1 text, as HTTP libraries give them.
 */
public interface HeaderView {
    /**
     * The headers as an operation is to see them: those sent, and in a presigned request those that its signer moved into the
     * query. The signature itself is verified over what was sent.
     */
    static HeaderView withHoisted(final HeaderView sent, final QueryParameters query) {
        if (query.isEmpty()) {
            return sent;
        }
        final boolean version4 = query.has("X-Amz-Signature");
        return version4 || query.has("AWSAccessKeyId") ? new HoistedHeaders(sent, query, !version4) : sent;
    }

    /** The first value of a header; an empty value is present and empty. */
    Optional<String> first(String name);

    /** All values of a header in the order received; empty if there is none. */
    List<String> all(String name);

    /** Gives every header line, in the order received, as (name, value); names in the case they were sent in. */
    void forEach(BiConsumer<String, String> action);
}
