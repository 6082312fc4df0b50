package io.tarn.posix.jnr;

import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.Invalidation;
import io.tarn.posix.fuse.MountException;
import io.tarn.posix.fuse.MountWish;
import io.tarn.posix.fuse.Mounting;
import io.tarn.posix.fuse.SessionEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount that is served through libfuse 2, by this process, as long as it lives. It ends when the mount is taken away, by anybody, or by {@link #close}.
 *
 * <p>Needs of the JVM {@code --enable-native-access=ALL-UNNAMED} and, on JDK 24 and later, {@code --sun-misc-unsafe-memory-access=allow}; of the machine
 * libfuse.so.2, and for users other than root {@code fusermount} and a {@code /dev/fuse} that they may open. Does not own the file system. Thread-safe.
 */
public final class JnrMount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JnrMount.class);

    /** So long programs that use the mount may take to let go of it. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Path directory;
    private final ServingThreads threads;

    private JnrMount(final Path directory, final ServingThreads threads) {
        this.directory = directory;
        this.threads = threads;
    }

    /**
     * Mounts, and begins to serve.
     *
     * @throws MountException when it cannot be
     */
    public static JnrMount mount(final MountWish wish, final FileSystem fileSystem, final JnrOptions options)
            throws IOException {
        final Path directory = Mounting.requireMountable(wish.directory());
        Mounting.requireDevice();
        final var fuse = new FuseHandle(fileSystem, directory, MountArguments.of(wish, directory, options));
        fileSystem.invalidate(Invalidation.NOBODY);
        final var threads = new ServingThreads(fuse, wish.source());
        threads.start();
        return new JnrMount(directory, threads);
    }

    /** Where it is mounted, without links in the path. */
    public Path directory() {
        return directory;
    }

    /** Waits until nothing is served any more, and says why. */
    public SessionEnd await() throws InterruptedException {
        try {
            return threads.ended().get();
        } catch (final ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Takes the mount away, if it is still there, and stops serving it. Programs that still use it have some seconds to let go; after
     * that their calls fail with {@code ENOTCONN}. What was written to mapped files reaches the file system before.
     */
    @Override
    public void close() {
        try {
            if (!threads.ended().isDone()) {
                unmount();
            }
            if (!threads.await(CLOSE_PATIENCE) && !threads.stop(CLOSE_PATIENCE)) {
                LOG.warn("requests on {} do not end; libfuse is let go after the last", directory);
            }
        } catch (final InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void unmount() {
        try {
            Mounting.unmount(directory, true);
        } catch (final IOException failed) {
            // somebody was faster, or has detached it before and uses it still
            LOG.info("{} was not there to be unmounted", directory, failed);
        }
    }
}
