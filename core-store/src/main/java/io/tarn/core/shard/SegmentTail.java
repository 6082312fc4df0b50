package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts a torn tail off the open segment of a Ratis log before Ratis reads it. Ratis itself ignores an entry that ends with the
 * file, but refuses to start when the tail holds other bytes than it expects, which is what a power failure leaves of writes
 * that were never synced: sectors reach the disk in any order.
 *
 * <p>What is cut begins at the first entry that does not match its checksum. If a whole entry stands anywhere behind it, a few
 * unsynced ones at most can explain that; since which were synced cannot be told, the log is then refused as corrupt rather
 * than cut. The entries are written again and synced afterwards, so that those that a killed process left in the page cache are
 * durable before anybody is told of them, and also those whose sync failed: the kernel keeps such bytes readable and calls them
 * clean, and a mere sync, which has nothing to do then, would succeed.
 *
 * <p>Format (Ratis {@code SegmentedRaftLogFormat}): {@code "RaftLog1"}, then entries of varint length, message, CRC32C of
 * both; zeros to the end of the file.
 */
final class SegmentTail {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentTail.class);
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    private static final String OPEN_SEGMENTS = "log_inprogress_*";
    private static final int VARINT_BYTES_MAX = 5;
    private static final int VARINT64_BYTES_MAX = 10;
    /** Fields 1 and 2 of {@code LogEntryProto}. */
    private static final byte TERM_TAG = 0x08;

    private static final byte INDEX_TAG = 0x10;
    private static final int ENTRY_OVERHEAD_BYTES = 64 << 10;
    /** Above the largest segment: a segment may be over its size by one entry. */
    private static final long SEGMENT_BYTES_MAX = 1L << 30;

    private final ByteBuffer segment;
    private final int entryBytesMax;

    private SegmentTail(final ByteBuffer segment, final int entryBytesMax) {
        this.segment = segment;
        this.entryBytesMax = entryBytesMax;
    }

    /**
     * Repairs the open segments in {@code directory}; does nothing where there are none.
     *
     * @throws StorageException {@link Failure#CORRUPT} when whole entries stand behind a broken one
     */
    static void repair(final Path directory, final int entryBytesMax) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(directory, OPEN_SEGMENTS)) {
            for (final Path file : open) {
                repairFile(file, entryBytesMax + ENTRY_OVERHEAD_BYTES);
            }
        }
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static void repairFile(final Path file, final int entryBytesMax) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() > SEGMENT_BYTES_MAX) {
                throw new StorageException(Failure.CORRUPT, file + " has " + channel.size() + " bytes");
            }
            final SegmentTail tail = new SegmentTail(ByteBuffer.wrap(Files.readAllBytes(file)), entryBytesMax);
            final int end = tail.endOfEntries();
            if (tail.isDirtyFrom(end)) {
                if (tail.holdsEntryBehind(end)) {
                    throw new StorageException(
                            Failure.CORRUPT, file + " is broken at " + end + ", and whole entries follow");
                }
                LOG.warn("{}: torn tail at {} of {} bytes cut off", file, end, channel.size());
                channel.truncate(end);
            }
            tail.rewrite(channel, end);
            channel.force(true);
        }
    }

    private void rewrite(final FileChannel channel, final int end) throws IOException {
        final ByteBuffer entries = segment.slice(0, end);
        while (entries.hasRemaining()) {
            channel.write(entries, entries.position());
        }
    }

    private int endOfEntries() {
        if (segment.limit() < HEADER.length || !segment.slice(0, HEADER.length).equals(ByteBuffer.wrap(HEADER))) {
            return 0;
        }
        int position = HEADER.length;
        for (int end = entryEnd(position); end > 0; end = entryEnd(position)) {
            position = end;
        }
        return position;
    }

    private boolean isDirtyFrom(final int position) {
        for (int i = position; i < segment.limit(); i++) {
            if (segment.get(i) != 0) {
                return true;
            }
        }
        return false;
    }

    private boolean holdsEntryBehind(final int position) {
        for (int i = position + 1; i < segment.limit(); i++) {
            if (segment.get(i) != 0 && looksLikeEntry(i) && entryEnd(i) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether the tags of term and index follow a length, so that not every byte costs a checksum. */
    private boolean looksLikeEntry(final int position) {
        final int term = skipVarint(position);
        if (term < 0 || term == segment.limit() || segment.get(term) != TERM_TAG) {
            return false;
        }
        final int index = skipVarint(term + 1);
        return index > 0 && index < segment.limit() && segment.get(index) == INDEX_TAG;
    }

    private int skipVarint(final int position) {
        for (int i = position; i < segment.limit() && i - position < VARINT64_BYTES_MAX; i++) {
            if (segment.get(i) >= 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /** The position behind the entry that begins at {@code position}, or -1 when none that matches its checksum does. */
    private int entryEnd(final int position) {
        long length = 0;
        int next = position;
        byte last = (byte) 0x80;
        while (last < 0) {
            if (next == segment.limit() || next - position == VARINT_BYTES_MAX) {
                return -1;
            }
            last = segment.get(next);
            length |= (long) (last & 0x7f) << (7 * (next - position));
            next++;
        }
        if (length == 0 || length > entryBytesMax || next + length + Integer.BYTES > segment.limit()) {
            return -1;
        }
        final int end = next + (int) length;
        final CRC32C checksum = new CRC32C();
        checksum.update(segment.slice(position, end - position));
        return segment.getInt(end) == (int) checksum.getValue() ? end + Integer.BYTES : -1;
    }
}
