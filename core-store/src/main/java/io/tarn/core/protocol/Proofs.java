package io.tarn.core.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * That somebody has the secret of an access key, without showing it: HMAC-SHA-256 (RFC 2104) over what both sides drew. The two sides'
 * proofs differ in their first words, so that neither can be played back as the other.
 */
public final class Proofs {
    /** Random bytes that each side draws. */
    public static final int NONCE_BYTES = 32;

    private static final String CLIENT = "tarn session 1: client";
    private static final String SERVER = "tarn session 1: node";

    private Proofs() {}

    public static byte[] ofClient(
            final String secret, final String accessKey, final byte[] serverNonce, final byte[] clientNonce) {
        return proof(CLIENT, secret, accessKey, serverNonce, clientNonce);
    }

    public static byte[] ofNode(
            final String secret, final String accessKey, final byte[] serverNonce, final byte[] clientNonce) {
        return proof(SERVER, secret, accessKey, serverNonce, clientNonce);
    }

    private static byte[] proof(
            final String side,
            final String secret,
            final String accessKey,
            final byte[] serverNonce,
            final byte[] clientNonce) {
        if (serverNonce.length != NONCE_BYTES || clientNonce.length != NONCE_BYTES) {
            throw Failures.malformed("a nonce has " + NONCE_BYTES + " bytes");
        }
        return hmac(
                secret.getBytes(StandardCharsets.UTF_8),
                side.getBytes(StandardCharsets.UTF_8),
                serverNonce,
                clientNonce,
                accessKey.getBytes(StandardCharsets.UTF_8));
    }

    /** HMAC-SHA-256 of the parts one after the other; all but the last must have a fixed length. */
    public static byte[] hmac(final byte[] key, final byte[]... parts) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (final byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no HMAC-SHA-256", e);
        }
    }
}
