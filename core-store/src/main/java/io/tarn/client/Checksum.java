package io.tarn.client;

/**
 * A checksum that came with the content and is kept and given back with it.
 *
 * @param algorithm {@code CRC32}, {@code CRC32C}, {@code CRC64NVME}, {@code SHA1} or {@code SHA256}
 * @param value base64, with {@code -N} for a composite of N parts
 * @param composite whether it is a checksum over part checksums rather than over the content
 */
public record Checksum(String algorithm, String value, boolean composite) {}
