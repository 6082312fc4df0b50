package io.tarn.core.extent;

import io.tarn.core.file.StoredFile;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Walks the records of an extent that a crash left open, to find how far it is whole. Reads every byte once.
 */
final class TailScan {
    private final BufferPool scratch;

    TailScan(final BufferPool scratch) {
        this.scratch = scratch;
    }

    /** End of the last record up to which every record proves itself: header, table and payload. */
    long validLength(final StoredFile file, final ExtentId extent) {
        try (PooledBuffer small = scratch.borrow(
                        RecordFormat.HEADER_BYTES + RecordFormat.MAX_TABLE_BYTES, BufferPool.diskPatience());
                PooledBuffer window = scratch.borrow(RecordFormat.PIECE_BYTES, BufferPool.diskPatience())) {
            long offset = ExtentHeader.DATA_START;
            while (true) {
                final long end = recordEnd(file, extent, offset, small.buffer(), window.buffer());
                if (end < 0) {
                    return offset;
                }
                offset = end;
            }
        }
    }

    private static long recordEnd(
            final StoredFile file,
            final ExtentId extent,
            final long offset,
            final ByteBuffer small,
            final ByteBuffer window) {
        final ByteBuffer header = small.slice(0, RecordFormat.HEADER_BYTES);
        if (file.read(offset, header.duplicate()) < RecordFormat.HEADER_BYTES) {
            return -1;
        }
        final int length = RecordFormat.claimedLength(header);
        if (length < 0) {
            return -1;
        }
        final ByteBuffer table = small.slice(RecordFormat.HEADER_BYTES, RecordFormat.tableBytes(length));
        final long payload = offset + RecordFormat.HEADER_BYTES;
        if (file.read(payload + length, table.duplicate()) < table.remaining()
                || !RecordFormat.headerMatches(header, extent, offset, length, table)
                || !payloadMatches(file, payload, length, table, window)) {
            return -1;
        }
        return offset + RecordFormat.recordBytes(length);
    }

    private static boolean payloadMatches(
            final StoredFile file,
            final long payload,
            final int length,
            final ByteBuffer table,
            final ByteBuffer window) {
        final ByteBuffer computed = ByteBuffer.allocate(Integer.BYTES);
        for (int piece = 0; piece < RecordFormat.pieces(length); piece++) {
            final int from = piece * RecordFormat.PIECE_BYTES;
            final ByteBuffer bytes = window.slice(0, Math.min(RecordFormat.PIECE_BYTES, length - from));
            if (file.read(payload + from, bytes.duplicate()) < bytes.remaining()) {
                return false;
            }
            RecordFormat.putTable(List.of(bytes), computed.clear());
            if (computed.getInt(0) != table.getInt(piece * Integer.BYTES)) {
                return false;
            }
        }
        return true;
    }
}
