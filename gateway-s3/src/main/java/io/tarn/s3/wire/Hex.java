package io.tarn.s3.wire;

/** Lower-case hexadecimal to and from bytes, on arrays the caller owns. */
public final class Hex {
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private Hex() {}

    /** Writes two digits for each byte of {@code bytes} at {@code target[at..]}. */
    public static void encode(final byte[] bytes, final byte[] target, final int at) {
        int to = at;
        for (byte b : bytes) {
            target[to++] = DIGITS[b >> 4 & 15];
            target[to++] = DIGITS[b & 15];
        }
    }

    /** The bytes that the digits stand for; an empty array when the text is not exactly {@code bytes} bytes of hexadecimal. */
    public static byte[] decode(final String digits, final int bytes) {
        if (digits.length() != bytes * 2) {
            return new byte[0];
        }
        var decoded = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            int high = PercentCoding.hexValue(digits.charAt(2 * i));
            int low = PercentCoding.hexValue(digits.charAt(2 * i + 1));
            if (high < 0 || low < 0) {
                return new byte[0];
            }
            decoded[i] = (byte) (high << 4 | low);
        }
        return decoded;
    }
}
