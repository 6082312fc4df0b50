package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.StoredFile;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads parts of blocks and proves each 4 KiB piece touched before the caller sees it.
 *
 * <p>Cost: one scatter read straight into the destination for a whole block, two reads for a part; no copy; the
 * checksum reads every byte once. Bytes of the outer pieces that the caller did not ask for land in a scratch buffer.
 */
final class BlockReader {
    private static final int EDGE_BYTES = RecordFormat.PIECE_BYTES;
    private static final int SCRATCH_BYTES = RecordFormat.HEADER_BYTES + 2 * EDGE_BYTES + RecordFormat.MAX_TABLE_BYTES;

    private final BufferPool scratch;

    BlockReader(final BufferPool scratch) {
        this.scratch = scratch;
    }

    /** Reads {@code length} bytes from {@code from} within the payload; advances {@code destination} only on success. */
    void read(
            final StoredFile file, final Block block, final int from, final int length, final ByteBuffer destination) {
        try (PooledBuffer borrowed = scratch.borrow(SCRATCH_BYTES, BufferPool.diskPatience())) {
            final int low = from - from % RecordFormat.PIECE_BYTES;
            final int high = Math.min(block.length(), Math.ceilDiv(from + length, EDGE_BYTES) * EDGE_BYTES);
            final Parts parts =
                    new Parts(borrowed.buffer(), low == 0, from - low, high - from - length, tableBytes(low, high));
            final ByteBuffer target = destination.slice(destination.position(), length);
            load(file, block, low, high, parts, target);
            if (low == 0 && high == block.length()) {
                requireHeader(block, parts);
            }
            target.clear();
            requirePieces(block, low, parts, target);
            destination.position(destination.position() + length);
        }
    }

    private static int tableBytes(final int low, final int high) {
        return RecordFormat.tableBytes(high - low);
    }

    private static void load(
            final StoredFile file,
            final Block block,
            final int low,
            final int high,
            final Parts parts,
            final ByteBuffer target) {
        final long payload = block.offset() + RecordFormat.HEADER_BYTES;
        final long start = payload + low - parts.header.remaining();
        final long wanted = (long) parts.header.remaining() + high - low;
        final long tableAt = payload + block.length() + (long) low / RecordFormat.PIECE_BYTES * Integer.BYTES;
        final long tableLength = parts.table.remaining();
        // what is read ends where its part of the table begins only when all of the block is read
        final long read = tableAt == payload + high
                ? file.read(start, parts.header(), parts.head(), target, parts.tail(), parts.table())
                : file.read(start, parts.header(), parts.head(), target, parts.tail())
                        + file.read(tableAt, parts.table());
        if (read != wanted + tableLength) {
            throw corrupt(block, "the file ends within it");
        }
    }

    private static void requireHeader(final Block block, final Parts parts) {
        if (!RecordFormat.headerMatches(parts.header, block.extent(), block.offset(), block.length(), parts.table)) {
            throw corrupt(block, "its header does not match");
        }
        if (RecordFormat.payloadChecksum(parts.table, block.length()) != block.checksum()) {
            throw corrupt(block, "other bytes lie there, intact");
        }
    }

    private static void requirePieces(final Block block, final int low, final Parts parts, final ByteBuffer target) {
        final ByteBuffer[] sources = {parts.head(), target, parts.tail()};
        final ByteBuffer table = parts.table();
        final CRC32C crc = new CRC32C();
        int piece = low / RecordFormat.PIECE_BYTES;
        int filled = 0;
        for (final ByteBuffer source : sources) {
            final int end = source.limit();
            while (source.position() < end) {
                final int step = Math.min(RecordFormat.PIECE_BYTES - filled, end - source.position());
                source.limit(source.position() + step);
                crc.update(source);
                filled += step;
                if (filled == RecordFormat.PIECE_BYTES) {
                    requirePiece(block, piece++, crc, table);
                    filled = 0;
                }
            }
        }
        if (filled > 0) {
            requirePiece(block, piece, crc, table);
        }
    }

    private static void requirePiece(final Block block, final int piece, final CRC32C crc, final ByteBuffer table) {
        if ((int) crc.getValue() != table.getInt()) {
            throw corrupt(block, "piece " + piece + " does not match its checksum");
        }
        crc.reset();
    }

    static StorageException corrupt(final Block block, final String how) {
        return new StorageException(
                Failure.CORRUPT,
                "block of %d bytes at %d of extent %s: %s"
                        .formatted(block.length(), block.offset(), block.extent(), how));
    }

    /** Views of the scratch buffer, handed out as duplicates so that positions stay. */
    private static final class Parts {
        private final ByteBuffer header;
        private final ByteBuffer head;
        private final ByteBuffer tail;
        private final ByteBuffer table;

        Parts(final ByteBuffer all, final boolean withHeader, final int head, final int tail, final int table) {
            this.header = all.slice(0, withHeader ? RecordFormat.HEADER_BYTES : 0);
            this.head = all.slice(RecordFormat.HEADER_BYTES, head);
            this.tail = all.slice(RecordFormat.HEADER_BYTES + EDGE_BYTES, tail);
            this.table = all.slice(RecordFormat.HEADER_BYTES + 2 * EDGE_BYTES, table);
        }

        ByteBuffer header() {
            return header.duplicate();
        }

        ByteBuffer head() {
            return head.duplicate();
        }

        ByteBuffer tail() {
            return tail.duplicate();
        }

        ByteBuffer table() {
            return table.duplicate();
        }
    }
}
