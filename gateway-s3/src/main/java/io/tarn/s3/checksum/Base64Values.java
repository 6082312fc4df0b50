package io.tarn.s3.checksum;

import java.util.Base64;
import java.util.Optional;

/** Base64 of values whose length is known. */
final class Base64Values {
    private Base64Values() {}

    static Optional<byte[]> decode(final String base64, final int lengthBytes) {
        if (base64.length() != (lengthBytes + 2) / 3 * 4) {
            return Optional.empty();
        }
        try {
            byte[] value = Base64.getDecoder().decode(base64);
            return value.length == lengthBytes ? Optional.of(value) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
