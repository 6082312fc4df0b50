package io.tarn.core.protocol;

import java.nio.ByteBuffer;
import java.util.List;

/** The header of a frame to append: extent, epoch, offset, eight bytes each. The payload follows. */
public record AppendFrame(long extent, long epoch, long offset) {
    private static final int HEADER_BYTES = 3 * Long.BYTES;

    public Frame with(final List<ByteBuffer> payload) {
        return Frame.of(
                ByteBuffer.allocate(HEADER_BYTES)
                        .putLong(extent)
                        .putLong(epoch)
                        .putLong(offset)
                        .flip(),
                payload);
    }

    /** Reads the header; the payload remains. */
    public static AppendFrame of(final Frame frame) {
        final ByteBuffer header = frame.readHeader(HEADER_BYTES);
        return new AppendFrame(header.getLong(), header.getLong(), header.getLong());
    }
}
