package io.tarn.s3.wire;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Read access to a request's headers, whatever HTTP library holds them. Names are matched without regard to case; values are
 * the bytes of the wire as ISO-8859-1 text, as HTTP libraries give them.
 */
public interface HeaderView {
    /** The first value of a header; an empty value is present and empty. */
    Optional<String> first(String name);

    /** All values of a header in the order received; empty if there is none. */
    List<String> all(String name);

    /** Gives every header line, in the order received, as (name, value); names in the case they were sent in. */
    void forEach(BiConsumer<String, String> action);
}
