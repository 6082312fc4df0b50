package io.tarn.s3.checksum;

import java.util.Locale;
import java.util.Optional;

/** The additional checksums of S3, with their names in headers and XML. */
public enum ChecksumAlgorithm {
    /** CRC-32 of ISO-HDLC (zip). */
    CRC32(4),
    /** CRC-32C (Castagnoli). */
    CRC32C(4),
    /** CRC-64/NVME: what S3 computes by default. */
    CRC64NVME(8),
    /** SHA-1. */
    SHA1(20),
    /** SHA-256. */
    SHA256(32);

    private final int lengthBytes;
    private final String headerName;
    private final String xmlName;

    ChecksumAlgorithm(final int lengthBytes) {
        this.lengthBytes = lengthBytes;
        this.headerName = "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
        this.xmlName = "Checksum" + name();
    }

    /** Bytes of a checksum before base64. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** The header or trailer that carries it, for example {@code x-amz-checksum-crc32c}. */
    public String headerName() {
        return headerName;
    }

    /** The element that carries it, for example {@code ChecksumCRC32C}. */
    public String xmlName() {
        return xmlName;
    }

    /** Whether checksums of parts can be combined to that of the whole object without reading it. */
    public boolean isLinear() {
        return this == CRC32 || this == CRC32C || this == CRC64NVME;
    }

    /** Whether multipart uploads may use this type: SHA has no full-object form, CRC-64/NVME no composite one. */
    public boolean supports(final ChecksumType type) {
        return type == ChecksumType.FULL_OBJECT ? isLinear() : this != CRC64NVME;
    }

    /** The type of a multipart upload that names only the algorithm. */
    public ChecksumType defaultMultipartType() {
        return this == CRC64NVME ? ChecksumType.FULL_OBJECT : ChecksumType.COMPOSITE;
    }

    /** Finds an algorithm by its name in any case, as in {@code x-amz-checksum-algorithm}. */
    public static Optional<ChecksumAlgorithm> byName(final String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "CRC32" -> Optional.of(CRC32);
            case "CRC32C" -> Optional.of(CRC32C);
            case "CRC64NVME" -> Optional.of(CRC64NVME);
            case "SHA1" -> Optional.of(SHA1);
            case "SHA256" -> Optional.of(SHA256);
            default -> Optional.empty();
        };
    }

    /** Finds an algorithm by the name of its header in any case. */
    public static Optional<ChecksumAlgorithm> byHeader(final String header) {
        String prefix = "x-amz-checksum-";
        return header.regionMatches(true, 0, prefix, 0, prefix.length())
                ? byName(header.substring(prefix.length()))
                : Optional.empty();
    }
}
