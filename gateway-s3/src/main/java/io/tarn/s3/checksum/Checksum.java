package io.tarn.s3.checksum;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** A checksum's value. Immutable; equality is by algorithm and bytes. */
public final class Checksum {
    private final ChecksumAlgorithm algorithm;
    private final byte[] value;

    private Checksum(final ChecksumAlgorithm algorithm, final byte[] value) {
        this.algorithm = algorithm;
        this.value = value;
    }

    /** A checksum of these bytes, big-endian for CRCs. The length must be the algorithm's. */
    public static Checksum of(final ChecksumAlgorithm algorithm, final byte[] value) {
        if (value.length != algorithm.lengthBytes()) {
            throw new IllegalArgumentException("a " + algorithm + " has " + algorithm.lengthBytes() + " bytes");
        }
        return new Checksum(algorithm, value.clone());
    }

    /** A CRC from its number. */
    public static Checksum ofCrc(final ChecksumAlgorithm algorithm, final long crc) {
        var value = new byte[algorithm.lengthBytes()];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (crc >>> (8 * (value.length - 1 - i)));
        }
        return new Checksum(algorithm, value);
    }

    /** Reads base64 of the right length; empty if it is anything else. */
    public static Optional<Checksum> parse(final ChecksumAlgorithm algorithm, final String base64) {
        return Base64Values.decode(base64, algorithm.lengthBytes()).map(value -> new Checksum(algorithm, value));
    }

    /** Reads the value of a checksum header or trailer. Fails with BadDigest if it is not base64 of the right length. */
    public static Checksum parseHeader(final ChecksumAlgorithm algorithm, final String base64) {
        return parse(algorithm, base64)
                .orElseThrow(() -> new S3Exception(
                        S3ErrorCode.BAD_DIGEST, "Value for " + algorithm.headerName() + " header is invalid."));
    }

    /** The algorithm. */
    public ChecksumAlgorithm algorithm() {
        return algorithm;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return value.clone();
    }

    /** The bytes as an unsigned number, for a CRC. */
    public long toCrc() {
        long crc = 0;
        for (byte b : value) {
            crc = (crc << 8) | (b & 0xFF);
        }
        return crc;
    }

    /** The value as headers and XML have it. */
    public String base64() {
        return Base64.getEncoder().encodeToString(value);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Checksum checksum
                && checksum.algorithm == algorithm
                && MessageDigest.isEqual(checksum.value, value);
    }

    @Override
    public int hashCode() {
        return 31 * algorithm.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return algorithm + ":" + base64();
    }
}
