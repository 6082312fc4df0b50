package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.FileLayer;
import io.tarn.core.file.StoredFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * A log of entries in segments on a simulated disk, as a Raft log of one member keeps them: an entry is written and forced before
 * anybody is told of it, a torn tail is cut off at the start, whole segments are removed once a snapshot covers them.
 */
final class SimulatedLog {
    private static final String PREFIX = "log-";
    private static final int HEADER_BYTES = Integer.BYTES + Integer.BYTES + Long.BYTES;

    private final FileLayer disk;
    private final Path directory;
    private StoredFile segment;
    private long end;
    private long lastIndex;

    private SimulatedLog(final FileLayer disk, final Path directory, final long lastIndex) {
        this.disk = disk;
        this.directory = directory;
        this.lastIndex = lastIndex;
    }

    /**
     * Opens the log and gives {@code replay} the entries after {@code from}, in order.
     *
     * @throws StorageException {@code CORRUPT} when entries are missing before others
     */
    static SimulatedLog open(
            final FileLayer disk, final Path directory, final long from, final BiConsumer<Long, byte[]> replay) {
        final SimulatedLog log = new SimulatedLog(disk, directory, from);
        final List<String> names = log.segments();
        disk.forceDirectory(directory);
        for (int at = 0; at < names.size(); at++) {
            log.read(names.get(at), at == names.size() - 1, from, replay);
        }
        if (names.isEmpty()) {
            log.begin();
        }
        return log;
    }

    private List<String> segments() {
        return disk.list(directory).stream()
                .filter(name -> name.startsWith(PREFIX))
                .toList();
    }

    private void read(final String name, final boolean last, final long from, final BiConsumer<Long, byte[]> replay) {
        final StoredFile file = disk.open(directory.resolve(name));
        final ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
        file.read(0, bytes);
        bytes.flip();
        while (isWhole(bytes)) {
            final byte[] payload = new byte[bytes.getInt() - Long.BYTES];
            bytes.getInt();
            final long index = bytes.getLong();
            bytes.get(payload);
            if (index > from) {
                if (index != lastIndex + 1) {
                    throw new StorageException(
                            Failure.CORRUPT, "entry %d follows entry %d in %s".formatted(index, lastIndex, name));
                }
                lastIndex = index;
                replay.accept(index, payload);
            }
        }
        if (!last) {
            if (bytes.hasRemaining()) {
                throw new StorageException(Failure.CORRUPT, name + " is torn and others follow");
            }
            file.close();
            return;
        }
        if (bytes.hasRemaining()) {
            file.truncate(bytes.position());
        }
        if (bytes.position() > 0) {
            // written again, since a force does not cover what an earlier one failed on
            file.write(0, bytes.slice(0, bytes.position()));
        }
        file.force();
        segment = file;
        end = bytes.position();
    }

    private static boolean isWhole(final ByteBuffer bytes) {
        if (bytes.remaining() < HEADER_BYTES) {
            return false;
        }
        final int at = bytes.position();
        final int length = bytes.getInt(at);
        if (length < Long.BYTES || length > bytes.remaining() - 2 * Integer.BYTES) {
            return false;
        }
        return checksum(bytes.slice(at + 2 * Integer.BYTES, length)) == bytes.getInt(at + Integer.BYTES);
    }

    private static int checksum(final ByteBuffer bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    long lastIndex() {
        return lastIndex;
    }

    /** Durable on return. After a failure the log must be opened anew: nobody knows what of the entry is there. */
    long append(final byte[] payload) {
        final long index = lastIndex + 1;
        final ByteBuffer entry = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        entry.putInt(Long.BYTES + payload.length).putInt(0).putLong(index).put(payload);
        entry.putInt(Integer.BYTES, checksum(entry.slice(2 * Integer.BYTES, Long.BYTES + payload.length)));
        segment.write(end, entry.flip());
        segment.force();
        end += entry.capacity();
        lastIndex = index;
        return index;
    }

    /** Begins a segment for the next entries. */
    void begin() {
        final Path path = directory.resolve(PREFIX + "%016x".formatted(lastIndex + 1));
        if (disk.list(directory).contains(path.getFileName().toString())) {
            // the present segment has no entries yet
            return;
        }
        final StoredFile next = disk.create(path);
        disk.forceDirectory(directory);
        if (segment != null) {
            segment.close();
        }
        segment = next;
        end = 0;
    }

    /** Removes the segments, but the last one, that hold nothing after {@code index}; the oldest first. */
    void purge(final long index) {
        final List<String> names = segments();
        for (int at = 0; at + 1 < names.size(); at++) {
            final long next = Long.parseLong(names.get(at + 1).substring(PREFIX.length()), 16);
            if (next <= index + 1) {
                disk.delete(directory.resolve(names.get(at)));
            }
        }
        disk.forceDirectory(directory);
    }
}
