package io.tarn.s3.auth;

/**
 * What signatures are held against.
 *
 * @param region the region clients must sign for, for example {@code us-east-1}
 * @param acceptVersion2 whether the old signature version 2 is taken as well
 */
public record AuthSettings(String region, boolean acceptVersion2) {
    /** Region {@code us-east-1}, version 2 accepted for old clients. */
    public static AuthSettings defaults() {
        return new AuthSettings("us-east-1", true);
    }
}
