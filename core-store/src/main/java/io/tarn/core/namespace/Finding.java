package io.tarn.core.namespace;

import java.util.Objects;

/**
 * Something that is wrong with stored state.
 *
 * @param what which record contradicts which, with ids and numbers, in words for a person
 */
public record Finding(String what) {
    public Finding {
        Objects.requireNonNull(what);
    }
}
