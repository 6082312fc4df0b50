package io.tarn.core.protocol;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;

/** The call shows no token, or one that is too old: its client proves itself again and goes on. */
public final class Unauthenticated extends StorageException {
    private static final long serialVersionUID = 1L;

    public Unauthenticated(final String message) {
        super(Failure.PERMISSION_DENIED, message, /* withStackTrace= */ false);
    }
}
