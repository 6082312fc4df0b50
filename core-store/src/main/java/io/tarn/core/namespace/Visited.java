package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Visit;

/**
 * A command or query came to a directory that another session holds. Who can has it given back and tries again; to anybody else it is a
 * failure to try again.
 */
public final class Visited extends StorageException {
    private static final long serialVersionUID = 1L;

    private final transient Visit visit;

    Visited(final Visit visit) {
        super(Failure.UNAVAILABLE, "another client holds the directory", /* withStackTrace= */ false);
        this.visit = visit;
    }

    /** Who holds what. */
    public Visit visit() {
        return visit;
    }
}
