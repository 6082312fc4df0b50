package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.FileLayer;
import io.tarn.core.file.StoredFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Copies of a store on a simulated disk: written beside, forced, renamed, and only then relied on. */
final class SimulatedSnapshots {
    private static final String UNFINISHED = "unfinished";
    private static final String PREFIX = "at-";

    private final FileLayer disk;
    private final Path directory;

    SimulatedSnapshots(final FileLayer disk, final Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** Durable on return; earlier ones are gone. */
    void take(final byte[] dump, final long index) {
        final Path unfinished = directory.resolve(UNFINISHED);
        if (disk.list(directory).contains(UNFINISHED)) {
            disk.delete(unfinished);
        }
        try (StoredFile file = disk.create(unfinished)) {
            // in pieces, so that a crash finds part of it
            final int half = dump.length / 2;
            file.write(0, checksum(dump), ByteBuffer.wrap(dump, 0, half));
            file.write(Integer.BYTES + (long) half, ByteBuffer.wrap(dump, half, dump.length - half));
            file.force();
        }
        final String finished = PREFIX + "%016x".formatted(index);
        disk.rename(unfinished, directory.resolve(finished));
        disk.forceDirectory(directory);
        finished().stream()
                .filter(name -> !name.equals(finished))
                .forEach(name -> disk.delete(directory.resolve(name)));
    }

    private List<String> finished() {
        return disk.list(directory).stream()
                .filter(name -> name.startsWith(PREFIX))
                .toList();
    }

    private static ByteBuffer checksum(final byte[] dump) {
        final CRC32C crc = new CRC32C();
        crc.update(dump);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).flip();
    }

    /** The newest copy; what a killed process renamed is made durable before it is relied on. */
    Optional<byte[]> newest() {
        final List<String> names = finished();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        disk.forceDirectory(directory);
        try (StoredFile file = disk.open(directory.resolve(names.getLast()))) {
            final ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(0, bytes);
            final byte[] dump = new byte[bytes.flip().remaining() - Integer.BYTES];
            final ByteBuffer stored = bytes.slice(0, Integer.BYTES);
            bytes.get(Integer.BYTES, dump);
            if (!checksum(dump).equals(stored)) {
                throw new StorageException(Failure.CORRUPT, "snapshot " + names.getLast() + " does not match");
            }
            return Optional.of(dump);
        }
    }
}
