package io.tarn.core.control;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the secrets of access keys with AES-256-GCM under the cluster's master key (NIST SP 800-38D). The id of the access key is bound in, so
 * that a sealed secret cannot be moved to another key. Format: version byte, 12-byte nonce, ciphertext with its 16-byte tag.
 * Thread-safe.
 */
public final class SecretSeal {
    /** Bytes of a master key. */
    public static final int KEY_BYTES = 32;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    public SecretSeal(final byte[] masterKey) {
        if (masterKey.length != KEY_BYTES) {
            throw new IllegalArgumentException("a master key has " + KEY_BYTES + " bytes, not " + masterKey.length);
        }
        this.key = new SecretKeySpec(masterKey, "AES");
    }

    /** A key for another purpose, from which this one cannot be told (HMAC-SHA-256 as in RFC 5869). */
    public byte[] derivedKey(final String purpose) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no HMAC-SHA-256", e);
        }
    }

    byte[] seal(final String accessKeyId, final String secret) {
        final byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            final Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, accessKeyId);
            final byte[] sealed = cipher.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            final byte[] result = new byte[1 + NONCE_BYTES + sealed.length];
            result[0] = VERSION;
            System.arraycopy(nonce, 0, result, 1, NONCE_BYTES);
            System.arraycopy(sealed, 0, result, 1 + NONCE_BYTES, sealed.length);
            return result;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no AES-GCM", e);
        }
    }

    /** @throws StorageException {@link Failure#CORRUPT} when it was sealed with another master key, for another id, or was changed */
    String open(final String accessKeyId, final byte[] sealed) {
        if (sealed.length < 1 + NONCE_BYTES + TAG_BITS / Byte.SIZE || sealed[0] != VERSION) {
            throw new StorageException(Failure.CORRUPT, "the secret of " + accessKeyId + " has an unknown format");
        }
        try {
            final byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
            final Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, accessKeyId);
            final byte[] secret = cipher.doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
            return new String(secret, StandardCharsets.UTF_8);
        } catch (final AEADBadTagException e) {
            throw new StorageException(
                    Failure.CORRUPT, "the secret of " + accessKeyId + " was not sealed with this master key", e);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no AES-GCM", e);
        }
    }

    private Cipher cipher(final int mode, final byte[] nonce, final String accessKeyId)
            throws GeneralSecurityException {
        final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(accessKeyId.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
