package io.tarn.server.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The data directory, locked for one server. The lock is the kernel's and goes with the process, however that ends.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK_FILE = "lock";

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(final Path path, final FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the directory, for its owner alone, if there is none, and locks it.
     *
     * @throws StartFailure when another server has it, or it cannot be used
     */
    public static DataDirectory lock(final Path path) {
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            final FileChannel channel =
                    FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw new StartFailure("the data directory " + path.toAbsolutePath()
                        + " is in use by another server: stop that one, or give this one its own with --data");
            }
            return new DataDirectory(path.toAbsolutePath().normalize(), channel);
        } catch (final IOException e) {
            throw new StartFailure("the data directory " + path.toAbsolutePath() + " cannot be used: " + e, e);
        }
    }

    private static boolean tryLock(final FileChannel channel) throws IOException {
        try {
            final FileLock lock = channel.tryLock();
            return lock != null;
        } catch (final OverlappingFileLockException e) {
            // the other server is in this very process
            return false;
        }
    }

    public Path path() {
        return path;
    }

    /** Where the raw master key lies. */
    public Path masterKey() {
        return path.resolve("master.key");
    }

    /** Unlocks the directory. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
