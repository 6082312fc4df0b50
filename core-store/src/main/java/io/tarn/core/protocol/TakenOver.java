package io.tarn.core.protocol;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;

/** Another process has the session now: this client must do nothing more in its name, nor open another to go on. */
public final class TakenOver extends StorageException {
    private static final long serialVersionUID = 1L;

    public TakenOver() {
        super(Failure.STALE_SESSION, "another process has the session now", /* withStackTrace= */ false);
    }
}
