package io.tarn.core.kv;

import java.util.Arrays;

/** Arithmetic on half-open ranges of keys in unsigned byte order. */
final class KeyRange {
    /** Stands for the end of a family as the exclusive end of a range. */
    static final byte[] END = {};

    private KeyRange() {}

    static int compare(final byte[] left, final byte[] right) {
        return Arrays.compareUnsigned(left, right);
    }

    /** Whether {@code key} lies before the exclusive end of a range. */
    static boolean before(final byte[] key, final byte[] toExclusive) {
        return toExclusive.length == 0 || compare(key, toExclusive) < 0;
    }

    /** Whether no key can lie in the range. */
    static boolean isEmpty(final byte[] from, final byte[] toExclusive) {
        return toExclusive.length != 0 && compare(from, toExclusive) >= 0;
    }

    /**
     * Whether every key of the range begins with the first {@code prefixLength} bytes of {@code from}, so that a scan may rely
     * on prefix blooms.
     */
    static boolean withinPrefix(final byte[] from, final byte[] toExclusive, final int prefixLength) {
        if (prefixLength == 0 || from.length < prefixLength || toExclusive.length == 0) {
            return false;
        }
        if (toExclusive.length >= prefixLength && Arrays.equals(from, 0, prefixLength, toExclusive, 0, prefixLength)) {
            return true;
        }
        return isSuccessor(from, prefixLength, toExclusive);
    }

    /** Whether {@code end} is the least key above all that begin with the first {@code length} bytes of {@code key}. */
    private static boolean isSuccessor(final byte[] key, final int length, final byte[] end) {
        int last = length - 1;
        while (last >= 0 && key[last] == (byte) 0xff) {
            last--;
        }
        return last >= 0
                && end.length == last + 1
                && Arrays.equals(key, 0, last, end, 0, last)
                && end[last] == (byte) (key[last] + 1);
    }
}
