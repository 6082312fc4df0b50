package io.tarn.server.mount;

import io.tarn.server.mount.control.Field;
import io.tarn.server.mount.control.Message;
import io.tarn.server.mount.control.Trouble;
import java.io.IOException;

/** Holder or worker say that something cannot be. The message is for a person. */
public final class MountFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final Trouble trouble;

    MountFailure(final Message failed) {
        super(failed.find(Field.REASON).orElse("no reason given"));
        this.trouble = failed.find(Field.TROUBLE).map(Trouble::valueOf).orElse(Trouble.FAILED);
    }

    public Trouble trouble() {
        return trouble;
    }
}
