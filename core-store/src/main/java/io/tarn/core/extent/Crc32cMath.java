package io.tarn.core.extent;

/**
 * Joins CRC32Cs of adjacent pieces into the CRC32C of the whole, so that bytes are summed once: the checksum of a block
 * follows from those of its 4 KiB pieces. The arithmetic is zlib's {@code crc32_combine}: shifting a checksum over n zero
 * bytes multiplies it by x^(8n) modulo the polynomial.
 */
final class Crc32cMath {
    /** Castagnoli's polynomial, bits reversed. */
    private static final int POLYNOMIAL = 0x82f63b78;

    private static final int BYTE_VALUES = 256;
    private static final int[][] PIECE_SHIFT = shiftTables(power(RecordFormat.PIECE_BYTES));

    private Crc32cMath() {}

    /** CRC32C of a whole whose first part sums to {@code first} and whose other {@code length} bytes sum to {@code second}. */
    static int combine(final int first, final int second, final int length) {
        return (length == RecordFormat.PIECE_BYTES ? shiftPiece(first) : multiply(power(length), first)) ^ second;
    }

    private static int shiftPiece(final int crc) {
        return PIECE_SHIFT[0][crc & 0xff]
                ^ PIECE_SHIFT[1][crc >>> 8 & 0xff]
                ^ PIECE_SHIFT[2][crc >>> 16 & 0xff]
                ^ PIECE_SHIFT[3][crc >>> 24];
    }

    private static int[][] shiftTables(final int shift) {
        final int[][] tables = new int[Integer.BYTES][BYTE_VALUES];
        for (int lane = 0; lane < Integer.BYTES; lane++) {
            for (int value = 0; value < BYTE_VALUES; value++) {
                tables[lane][value] = multiply(shift, value << (lane * Byte.SIZE));
            }
        }
        return tables;
    }

    /** x^(8 · bytes) modulo the polynomial. */
    private static int power(final int bytes) {
        int result = 1 << 31;
        int square = 1 << 23;
        for (int left = bytes; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                result = multiply(square, result);
            }
            square = multiply(square, square);
        }
        return result;
    }

    /** Product of two polynomials in reversed bit order: bit 31 is the constant term. */
    private static int multiply(final int a, final int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 31; bit >= 0; bit--) {
            product ^= shifted & -(a >>> bit & 1);
            shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
        }
        return product;
    }
}
