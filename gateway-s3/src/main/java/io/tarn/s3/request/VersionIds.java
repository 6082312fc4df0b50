package io.tarn.s3.request;

import io.tarn.s3.error.S3Exception;

/** The form of version ids, {@code null} or 16 hexadecimal digits: anything else names no version that ever was or will be. */
public final class VersionIds {
    /** The version written while a bucket has no versions. */
    public static final String NULL = "null";

    private static final int LENGTH = 16;

    private VersionIds() {}

    /** Gives the id back; fails with InvalidArgument, as AWS does, for what is none. */
    static String require(final String id, final String argument) {
        if (id.isEmpty()) {
            throw S3Exception.invalidArgument("Version id cannot be the empty string", argument, id);
        }
        if (!isValid(id)) {
            throw S3Exception.invalidArgument("Invalid version id specified", argument, id);
        }
        return id;
    }

    /** Whether a version could have this id. */
    public static boolean isValid(final String id) {
        boolean digits = id.length() == LENGTH;
        for (int i = 0; digits && i < LENGTH; i++) {
            char c = id.charAt(i);
            digits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        return digits || id.equals(NULL);
    }
}
