package io.tarn.bench.s3;

/**
 * Keys of one bucket under one prefix, numbered without gaps; byte order of the keys is order of the numbers.
 *
 * @param bucket bucket's name
 * @param prefix starts every key; characters that need no URI encoding, and {@code /}
 */
public record KeySet(String bucket, String prefix) {
    private static final int DIGITS = 9;

    /** Key of an object. */
    public String key(final long object) {
        final String number = Long.toString(object);
        return prefix + "0".repeat(DIGITS - number.length()) + number;
    }

    String path(final long object) {
        return '/' + bucket + '/' + key(object);
    }
}
