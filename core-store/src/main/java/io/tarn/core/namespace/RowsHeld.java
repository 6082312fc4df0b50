package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Intent;

/**
 * A command or query came to an entity that a two-phase commit holds. Who can waits and helps that on; to anybody else it is a failure
 * to try again.
 */
public final class RowsHeld extends StorageException {
    private static final long serialVersionUID = 1L;

    private final transient Intent intent;

    RowsHeld(final Intent intent) {
        super(Failure.UNAVAILABLE, "held by a commit between shards", /* withStackTrace= */ false);
        this.intent = intent;
    }

    /** Who holds it, and until when. */
    public Intent intent() {
        return intent;
    }
}
