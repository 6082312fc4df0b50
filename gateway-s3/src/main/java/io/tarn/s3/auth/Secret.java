package io.tarn.s3.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** The secret half of an access key. Never prints itself. Immutable. */
public final class Secret {
    private final byte[] key;
    private final Optional<String> sessionToken;

    private Secret(final byte[] key, final Optional<String> sessionToken) {
        this.key = key;
        this.sessionToken = sessionToken;
    }

    /** A long-lived secret. */
    public static Secret of(final String secretKey) {
        return new Secret(secretKey.getBytes(StandardCharsets.UTF_8), Optional.empty());
    }

    /** A temporary secret, valid only beside its session token. */
    public static Secret temporary(final String secretKey, final String sessionToken) {
        return new Secret(secretKey.getBytes(StandardCharsets.UTF_8), Optional.of(sessionToken));
    }

    byte[] key() {
        return key;
    }

    Optional<String> sessionToken() {
        return sessionToken;
    }

    boolean sameAs(final Secret other) {
        return this == other || MessageDigest.isEqual(key, other.key);
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
