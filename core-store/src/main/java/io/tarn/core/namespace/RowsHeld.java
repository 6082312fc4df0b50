package io.tarn.core.namespace;

import io.tarn.core.namespace.wire.Intent;

/** A command or query came to an entity that a two-phase commit holds. Caught within the core: it is tried again once that is over. */
public final class RowsHeld extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Intent intent;

    RowsHeld(final Intent intent) {
        super("held by a two-phase commit", null, false, false);
        this.intent = intent;
    }

    /** Who holds it, and until when. */
    public Intent intent() {
        return intent;
    }
}
