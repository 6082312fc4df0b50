package io.tarn.core.extent;

/**
 * A run of payload that was appended to an extent as one record and is freed as one.
 *
 * @param extent where it lies
 * @param offset byte offset of the record within the extent file
 * @param length payload bytes
 * @param checksum CRC32C of the payload, for the end-to-end check
 */
public record Block(ExtentId extent, long offset, int length, int checksum) {
    public Block {
        if (offset < 0 || length <= 0) {
            throw new IllegalArgumentException("block at " + offset + " of " + length + " bytes");
        }
    }
}
