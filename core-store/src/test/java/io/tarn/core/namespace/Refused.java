package io.tarn.core.namespace;

import io.tarn.core.Failure;

/** The model's way to say that a command has to fail, and how. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final Failure failure;

    Refused(final Failure failure) {
        super(failure.name(), null, false, false);
        this.failure = failure;
    }

    static void unless(final boolean holds, final Failure failure) {
        if (!holds) {
            throw new Refused(failure);
        }
    }
}
