package io.tarn.core.control;

import java.security.SecureRandom;
import java.util.Base64;

/** Draws ids and secrets of access keys in the shape S3 programs expect. Thread-safe. */
final class AccessKeys {
    private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ID_LENGTH = 20;
    /** 240 bits; 40 characters of Base64. */
    private static final int SECRET_BYTES = 30;

    private final SecureRandom random = new SecureRandom();

    /** 20 characters of Base32: 90 random bits after the prefix. */
    String newId() {
        final StringBuilder id = new StringBuilder(ID_LENGTH).append("TK");
        while (id.length() < ID_LENGTH) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }

    String newSecret() {
        final byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
