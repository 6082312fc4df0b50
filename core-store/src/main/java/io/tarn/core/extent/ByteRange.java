package io.tarn.core.extent;

/**
 * A part of an extent file.
 *
 * @param from first byte
 * @param to byte after the last one
 */
public record ByteRange(long from, long to) {
    public ByteRange {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("range from " + from + " to " + to);
        }
    }

    /** All that a block takes up in its extent, checksums included. */
    public static ByteRange of(final Block block) {
        return new ByteRange(block.offset(), RecordFormat.end(block));
    }

    public long length() {
        return to - from;
    }
}
