package io.tarn.client;

/**
 * An access key with its secret and the principal it resolves to, for checking signatures. Never logged.
 *
 * @param key the key
 * @param secret the shared secret
 * @param principal on whose behalf requests signed with it act
 */
public record Credential(AccessKey key, String secret, Principal principal) {
    @Override
    public String toString() {
        return "Credential[" + key.id() + " of " + principal.qualifiedName() + "]";
    }
}
