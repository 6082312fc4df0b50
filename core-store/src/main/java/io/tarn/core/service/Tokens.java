package io.tarn.core.service;

import io.tarn.core.protocol.Proofs;
import io.tarn.core.protocol.Unauthenticated;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a session is shown by after it was opened: its claims under an HMAC of the cluster's, so that any node knows it again, also after a
 * restart, and nothing is stored. Thread-safe.
 */
final class Tokens {
    private static final int MAC_BYTES = 32;

    private final byte[] key;
    private final SecureRandom random = new SecureRandom();

    Tokens(final byte[] key) {
        this.key = key.clone();
    }

    /**
     * What a token says.
     *
     * @param generation of the session, when it was given out
     * @param expiresMillis milliseconds since the epoch
     */
    record Claims(long session, long generation, long expiresMillis, String accessKey) {}

    String issue(final Claims claims) {
        final byte[] accessKey = claims.accessKey().getBytes(StandardCharsets.UTF_8);
        final byte[] body = ByteBuffer.allocate(4 * Long.BYTES + accessKey.length)
                .putLong(claims.session())
                .putLong(claims.generation())
                .putLong(claims.expiresMillis())
                .putLong(random.nextLong())
                .put(accessKey)
                .array();
        final byte[] token = Arrays.copyOf(body, body.length + MAC_BYTES);
        System.arraycopy(Proofs.hmac(key, body), 0, token, body.length, MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** @throws Unauthenticated for what no node of this cluster has issued */
    Claims read(final String token) {
        try {
            final byte[] bytes = Base64.getUrlDecoder().decode(token);
            final int length = Math.max(0, bytes.length - MAC_BYTES);
            final byte[] body = Arrays.copyOf(bytes, length);
            final byte[] mac = Arrays.copyOfRange(bytes, length, bytes.length);
            if (!MessageDigest.isEqual(mac, Proofs.hmac(key, body))) {
                throw new Unauthenticated("not a token of this cluster");
            }
            final ByteBuffer claims = ByteBuffer.wrap(body);
            final long session = claims.getLong();
            final long generation = claims.getLong();
            final long expires = claims.getLong();
            claims.getLong();
            return new Claims(
                    session,
                    generation,
                    expires,
                    StandardCharsets.UTF_8.decode(claims).toString());
        } catch (final IllegalArgumentException | BufferUnderflowException malformed) {
            throw new Unauthenticated("not a token");
        }
    }
}
