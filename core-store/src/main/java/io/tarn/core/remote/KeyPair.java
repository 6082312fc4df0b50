package io.tarn.core.remote;

import java.util.Objects;

/**
 * What a client proves itself with. The secret is never sent, nor shown.
 *
 * @param accessKey id of the access key
 * @param secret its secret
 */
public record KeyPair(String accessKey, String secret) {
    public KeyPair {
        Objects.requireNonNull(accessKey);
        Objects.requireNonNull(secret);
    }

    @Override
    public String toString() {
        return "KeyPair[" + accessKey + "]";
    }
}
