package io.tarn.posix.fs;

import io.tarn.client.Key;
import java.nio.charset.StandardCharsets;

/** A name in a directory, by the cluster's number of it. */
record EntryName(long parent, Key name) {
    /** Bytes of a name at most (limits.h). */
    static final int MAX_BYTES = 255;

    private static final Key ESCAPE = Key.of("%tarn".getBytes(StandardCharsets.US_ASCII));

    /**
     * Whether what the name leads to may be remembered. Names under the escape change when another name does, and the
     * change feed speaks of the name behind it.
     */
    boolean isLasting() {
        return !name.startsWith(ESCAPE);
    }

    /** A name that can be one; {@code ENAMETOOLONG}, {@code EINVAL}. */
    static void require(final Key name) {
        if (name.length() > MAX_BYTES) {
            throw Errno.ENAMETOOLONG.exception();
        }
        if (name.isEmpty()) {
            throw Errno.EINVAL.exception();
        }
        for (int at = 0; at < name.length(); at++) {
            if (name.at(at) == '/' || name.at(at) == 0) {
                throw Errno.EINVAL.exception();
            }
        }
    }

    static boolean isDot(final Key name) {
        return name.length() == 1 && name.at(0) == '.';
    }

    static boolean isDotDot(final Key name) {
        return name.length() == 2 && name.at(0) == '.' && name.at(1) == '.';
    }
}
