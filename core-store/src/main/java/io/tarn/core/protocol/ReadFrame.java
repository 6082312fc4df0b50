package io.tarn.core.protocol;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** The answer to a read: CRC32C of the bytes, then the bytes, which the node has proved and the client proves again. */
public final class ReadFrame {
    private ReadFrame() {}

    /** @param onClose gives the memory of the bytes back */
    public static Frame of(final ByteBuffer bytes, final Runnable onClose) {
        return Frame.of(
                ByteBuffer.allocate(Integer.BYTES)
                        .putInt(checksum(bytes.duplicate()))
                        .flip(),
                List.of(bytes),
                onClose);
    }

    private static int checksum(final ByteBuffer bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Reads the answer; the target is advanced by {@code length} bytes only when they are what was sent.
     *
     * @throws StorageException {@code CORRUPT} when they are not
     */
    public static void read(final Frame frame, final int length, final ByteBuffer target) {
        final int expected = frame.readHeader(Integer.BYTES).getInt();
        if (frame.remaining() != length) {
            throw Failures.malformed("%d bytes where %d were asked for".formatted(frame.remaining(), length));
        }
        final ByteBuffer place = target.slice(target.position(), length);
        frame.readFully(place);
        if (checksum(place.flip()) != expected) {
            throw new StorageException(Failure.CORRUPT, "bytes changed on their way from the node");
        }
        target.position(target.position() + length);
    }
}
