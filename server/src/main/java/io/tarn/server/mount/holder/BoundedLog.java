package io.tarn.server.mount.holder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * A log of bounded size: a file, and the one before it. A line that cannot be written is told to this process's standard error instead,
 * for a full disk must not end mounts. Thread-safe.
 */
final class BoundedLog implements AutoCloseable {
    static final long FILE_BYTES_MAX = 1 << 20;
    private static final int LINE_CHARACTERS_MAX = 8_192;

    private final Path file;
    private final long limitBytes;
    private FileChannel channel;

    BoundedLog(final Path file, final long limitBytes) throws IOException {
        this.file = file;
        this.limitBytes = limitBytes;
        this.channel = open();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** A line of the holder's own. */
    void say(final String line) {
        write(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " holder: " + line);
    }

    /** A line as it is. */
    synchronized void write(final String line) {
        final String shortened = line.length() > LINE_CHARACTERS_MAX ? line.substring(0, LINE_CHARACTERS_MAX) : line;
        final ByteBuffer bytes = StandardCharsets.UTF_8.encode(shortened + "\n");
        try {
            if (channel.size() + bytes.remaining() > limitBytes) {
                rotate();
            }
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (final IOException failed) {
            System.err.println("not logged (" + failed.getMessage() + "): " + shortened);
        }
    }

    private void rotate() throws IOException {
        channel.close();
        Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        channel = open();
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
