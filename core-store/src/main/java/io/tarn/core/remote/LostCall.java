package io.tarn.core.remote;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;

/** Nothing came back of a call: it may have been carried out or not. */
final class LostCall extends StorageException {
    private static final long serialVersionUID = 1L;

    LostCall(final String message) {
        super(Failure.UNAVAILABLE, message, /* withStackTrace= */ false);
    }
}
