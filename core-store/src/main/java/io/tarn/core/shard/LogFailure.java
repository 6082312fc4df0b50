package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.Locale;

/** Tells a full disk, which passes, from a broken one. */
final class LogFailure {
    private LogFailure() {}

    static StorageException of(final String name, final Throwable cause) {
        final Failure failure = isFull(cause) ? Failure.OUT_OF_SPACE : Failure.IO_ERROR;
        return new StorageException(failure, name + ": the log cannot be written: " + cause.getMessage(), cause);
    }

    /** Java reports ENOSPC and EDQUOT only by the text of the system's message. */
    private static boolean isFull(final Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            final String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("no space left") || message.contains("quota exceeded")) {
                return true;
            }
        }
        return false;
    }
}
