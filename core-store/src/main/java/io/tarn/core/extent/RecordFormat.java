package io.tarn.core.extent;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How an append lies in an extent file, all integers big-endian:
 *
 * <pre>
 * magic : 4 | payload length : 4 | CRC32C of (extent, offset, length, table) : 4 | reserved, zero : 4
 * payload
 * table: CRC32C of each 4 KiB piece of the payload, the last piece may be shorter
 * </pre>
 *
 * The header's checksum covers where the record lies, so bytes that strayed from elsewhere are not taken for it.
 */
final class RecordFormat {
    static final int PIECE_BYTES = 4096;
    static final int HEADER_BYTES = 16;
    static final int MAX_PAYLOAD_BYTES = 4 << 20;
    static final int MAX_TABLE_BYTES = MAX_PAYLOAD_BYTES / PIECE_BYTES * Integer.BYTES;

    private static final int MAGIC = 0x5461726e;

    private RecordFormat() {}

    static int pieces(final int payloadBytes) {
        return Math.ceilDiv(payloadBytes, PIECE_BYTES);
    }

    static int tableBytes(final int payloadBytes) {
        return pieces(payloadBytes) * Integer.BYTES;
    }

    static long recordBytes(final int payloadBytes) {
        return (long) HEADER_BYTES + payloadBytes + tableBytes(payloadBytes);
    }

    static long end(final Block block) {
        return block.offset() + recordBytes(block.length());
    }

    static boolean plausibleLength(final int payloadBytes) {
        return payloadBytes > 0 && payloadBytes <= MAX_PAYLOAD_BYTES;
    }

    /** Puts the checksum of each piece of the payload into {@code table}; reads the payload once and leaves its positions. */
    static void putTable(final List<ByteBuffer> payload, final ByteBuffer table) {
        final CRC32C crc = new CRC32C();
        int filled = 0;
        for (final ByteBuffer part : payload) {
            final ByteBuffer bytes = part.duplicate();
            final int end = bytes.limit();
            while (bytes.position() < end) {
                final int step = Math.min(PIECE_BYTES - filled, end - bytes.position());
                bytes.limit(bytes.position() + step);
                crc.update(bytes);
                filled += step;
                if (filled == PIECE_BYTES) {
                    table.putInt((int) crc.getValue());
                    crc.reset();
                    filled = 0;
                }
            }
        }
        if (filled > 0) {
            table.putInt((int) crc.getValue());
        }
    }

    /** Checksum of the whole payload from the table between position and limit, which stay. */
    static int payloadChecksum(final ByteBuffer table, final int payloadBytes) {
        final int first = table.position();
        int whole = table.getInt(first);
        for (int piece = 1; piece < pieces(payloadBytes); piece++) {
            final int length = Math.min(PIECE_BYTES, payloadBytes - piece * PIECE_BYTES);
            whole = Crc32cMath.combine(whole, table.getInt(first + piece * Integer.BYTES), length);
        }
        return whole;
    }

    static void putHeader(
            final ByteBuffer header,
            final ExtentId extent,
            final long offset,
            final int length,
            final ByteBuffer table) {
        header.putInt(MAGIC)
                .putInt(length)
                .putInt(headerChecksum(extent, offset, length, table))
                .putInt(0);
    }

    /** The parts of a record in their order on disk. The payload's positions are its own, the other two are passed on. */
    static ByteBuffer[] gather(final ByteBuffer header, final List<ByteBuffer> payload, final ByteBuffer table) {
        final ByteBuffer[] record = new ByteBuffer[payload.size() + 2];
        record[0] = header;
        for (int i = 0; i < payload.size(); i++) {
            record[i + 1] = payload.get(i).duplicate();
        }
        record[record.length - 1] = table;
        return record;
    }

    /** Payload length that a header claims, or -1 when it is none. The checksum is not looked at. */
    static int claimedLength(final ByteBuffer header) {
        final int at = header.position();
        final int length = header.getInt(at + 4);
        return header.getInt(at) == MAGIC && plausibleLength(length) ? length : -1;
    }

    /** Whether the header belongs to this place and this table, both between position and limit. */
    static boolean headerMatches(
            final ByteBuffer header,
            final ExtentId extent,
            final long offset,
            final int length,
            final ByteBuffer table) {
        return claimedLength(header) == length
                && header.getInt(header.position() + 8) == headerChecksum(extent, offset, length, table);
    }

    private static int headerChecksum(
            final ExtentId extent, final long offset, final int length, final ByteBuffer table) {
        final CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(extent.value())
                .putLong(offset)
                .putInt(length)
                .flip());
        crc.update(table.duplicate());
        return (int) crc.getValue();
    }
}
