package io.tarn.s3.auth;

import java.util.Optional;

/** Finds the secret of an access key. Called on event loops: it must answer from memory and never block. Thread-safe. */
@FunctionalInterface
public interface SecretLookup {
    /** The secret, or empty if there is no such key or it may not be used. */
    Optional<Secret> find(String accessKey);
}
