package io.tarn.s3.checksum;

/**
 * Combines CRCs of parts to that of their concatenation, without the bytes: appending {@code n} zero bytes multiplies a CRC by
 * {@code x^(8n)} modulo the polynomial, and CRCs of equal length add up.
 *
 * <p>Cost: some 64 × 64 shifts per combination whatever the length; no allocation. Thread-safe.
 *
 * <p>Source: the method of zlib's {@code crc32_combine} (Mark Adler), for reflected polynomials of any width up to 64.
 */
public final class CrcCombiner {
    private static final long CRC32_POLYNOMIAL = 0xEDB88320L;
    private static final long CRC32C_POLYNOMIAL = 0x82F63B78L;

    private final long polynomial;
    private final long one;
    private final long[] squares = new long[64];

    private CrcCombiner(final long polynomial, final int width) {
        this.polynomial = polynomial;
        this.one = 1L << (width - 1);
        long power = one >>> 1;
        for (int n = 0; n < squares.length; n++) {
            squares[n] = power;
            power = multiply(power, power);
        }
    }

    private static final CrcCombiner CRC32 = new CrcCombiner(CRC32_POLYNOMIAL, 32);
    private static final CrcCombiner CRC32C = new CrcCombiner(CRC32C_POLYNOMIAL, 32);
    private static final CrcCombiner CRC64NVME = new CrcCombiner(Crc64Nvme.POLYNOMIAL, 64);

    /** The CRC of {@code A} followed by {@code B}. Both must be of one linear algorithm. */
    public static Checksum combine(final Checksum crcA, final Checksum crcB, final long lengthB) {
        if (crcA.algorithm() != crcB.algorithm() || !crcA.algorithm().isLinear() || lengthB < 0) {
            throw new IllegalArgumentException("cannot combine " + crcA + " with " + crcB);
        }
        CrcCombiner combiner =
                switch (crcA.algorithm()) {
                    case CRC32 -> CRC32;
                    case CRC32C -> CRC32C;
                    case CRC64NVME -> CRC64NVME;
                    case SHA1, SHA256 -> throw new IllegalArgumentException("not linear");
                };
        long shifted = combiner.multiply(combiner.zeros(lengthB), crcA.toCrc());
        return Checksum.ofCrc(crcA.algorithm(), shifted ^ crcB.toCrc());
    }

    /** {@code x^(8·bytes)} modulo the polynomial. */
    private long zeros(final long bytes) {
        long power = one;
        int n = 3;
        for (long rest = bytes; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                power = multiply(squares[n], power);
            }
            n++;
        }
        return power;
    }

    /** The product of two polynomials, reflected: the highest bit is {@code x^0}. */
    private long multiply(final long a, final long b) {
        long product = 0;
        long term = b;
        for (long bit = one; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= term;
            }
            term = term >>> 1 ^ ((term & 1) == 0 ? 0 : polynomial);
        }
        return product;
    }
}
