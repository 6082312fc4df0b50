package io.tarn.s3.auth;

import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * What one signature calculation needs: HMAC, SHA-256 and a byte buffer. Borrowed from a bounded pool, since a thread-local
 * would be made anew on every virtual thread.
 */
final class SigningScratch {
    private static final int POOL_SLOTS = 32;
    private static final int KEPT_BUFFER_BYTES = 64 * 1024;
    private static final AtomicReferenceArray<SigningScratch> POOL = new AtomicReferenceArray<>(POOL_SLOTS);

    private final Mac hmac;
    private final MessageDigest sha256;
    private final byte[] digest = new byte[32];
    private byte[] bytes = new byte[4096];
    private int length;

    private SigningScratch() {
        try {
            hmac = Mac.getInstance("HmacSHA256");
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256 and its HMAC", e);
        }
    }

    static SigningScratch borrow() {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < POOL_SLOTS; i++) {
            int slot = Math.floorMod(start + i, POOL_SLOTS);
            if (POOL.getPlain(slot) != null) {
                SigningScratch scratch = POOL.getAndSet(slot, null);
                if (scratch != null) {
                    return scratch;
                }
            }
        }
        return new SigningScratch();
    }

    /** Gives it back; it is dropped when the pool is full or its buffer has grown too large to keep. */
    void release() {
        length = 0;
        if (bytes.length > KEPT_BUFFER_BYTES) {
            return;
        }
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < POOL_SLOTS; i++) {
            if (POOL.compareAndSet(Math.floorMod(start + i, POOL_SLOTS), null, this)) {
                return;
            }
        }
    }

    void reset() {
        length = 0;
    }

    int length() {
        return length;
    }

    void truncate(final int to) {
        length = to;
    }

    byte[] bytes() {
        return bytes;
    }

    void put(final int b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) b;
    }

    /** Appends header text: its characters are bytes of the wire. */
    void put(final String text) {
        put(text, 0, text.length());
    }

    @SuppressWarnings("deprecation") // the one way to copy Latin-1 characters to bytes without a new array
    void put(final String text, final int from, final int to) {
        int count = to - from;
        while (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        text.getBytes(from, to, bytes, length);
        length += count;
    }

    /** Appends the SHA-256 of {@code bytes[from..to)} in hexadecimal. */
    void putSha256Hex(final int from, final int to) {
        sha256.update(bytes, from, to - from);
        try {
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the array has the digest's length", e);
        }
        putHex(digest);
    }

    void putHex(final byte[] raw) {
        for (byte b : raw) {
            put(Character.forDigit(b >> 4 & 15, 16));
            put(Character.forDigit(b & 15, 16));
        }
    }

    /** The HMAC of {@code bytes[from..length)}, in an array that the next call overwrites. */
    byte[] hmac(final Key key, final int from) {
        try {
            hmac.init(key);
            hmac.update(bytes, from, length - from);
            hmac.doFinal(digest, 0);
            return digest;
        } catch (InvalidKeyException | ShortBufferException e) {
            throw new IllegalStateException("HMAC takes any key that is not empty", e);
        }
    }
}
