package io.tarn.server.mount.worker;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.remote.KeyPair;
import io.tarn.core.remote.RemoteClient;
import io.tarn.core.remote.RemoteOptions;
import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fs.MountTarget;
import io.tarn.posix.fs.VolumeFileSystem;
import io.tarn.posix.journal.MountJournal;
import io.tarn.server.mount.control.MountDescription;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The storage behind one mount: a client with a session of its own, and the file system over it.
 *
 * @param client of the node
 * @param files what is mounted
 */
record Storage(RemoteClient client, VolumeFileSystem files) {
    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /** A successor has so long to come for what is open. */
    private static final Duration SESSION_TTL = Duration.ofSeconds(60);

    /**
     * For a new mount, whose maker waits: a node that is not there now is a failure.
     *
     * @throws StorageException {@code UNAVAILABLE}, {@code PERMISSION_DENIED}, {@code NOT_FOUND}, {@code NOT_A_DIRECTORY}
     * @throws IllegalArgumentException for options and targets that are not understood
     */
    static Storage open(final MountDescription mount, final MountJournal journal) throws InterruptedException {
        final MountOptions options = MountOptions.parse(mount.options());
        final MountTarget target = MountTarget.parse(mount.target());
        requireListening(mount.endpoint());
        final RemoteClient client = connect(mount, options);
        boolean made = false;
        try {
            final Storage storage = files(client, target, options, journal);
            made = true;
            return storage;
        } finally {
            if (!made) {
                client.close();
            }
        }
    }

    private static Storage files(
            final RemoteClient client,
            final MountTarget target,
            final MountOptions options,
            final MountJournal journal) {
        return new Storage(
                client,
                VolumeFileSystem.of(
                        client, client::session, target, client.principal(), options, journal, client.outcomes()));
    }

    /** Says at once what a patient client would say after minutes. */
    private static void requireListening(final String endpoint) {
        final int colon = endpoint.lastIndexOf(':');
        if (endpoint.startsWith("unix:") || colon < 0) {
            return;
        }
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))),
                    (int) ANSWER.toMillis());
        } catch (final IOException nobody) {
            throw new StorageException(
                    Failure.UNAVAILABLE,
                    "no server answers at %s (%s): is it running ('tarn server')?"
                            .formatted(endpoint, nobody.getMessage()),
                    nobody);
        }
    }

    private static RemoteClient connect(final MountDescription mount, final MountOptions options)
            throws InterruptedException {
        final CompletableFuture<RemoteClient> connected = new CompletableFuture<>();
        final Thread connecting = Thread.startVirtualThread(() -> {
            try {
                final RemoteClient client = RemoteClient.connect(mount.endpoint(), keys(mount), remote(options));
                if (!connected.complete(client)) {
                    client.close();
                }
            } catch (final RuntimeException | Error failed) {
                connected.completeExceptionally(failed);
            }
        });
        try {
            return connected.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (final TimeoutException silent) {
            if (connected.completeExceptionally(silent)) {
                connecting.interrupt();
            } else {
                return connected.join();
            }
            throw new StorageException(
                    Failure.UNAVAILABLE,
                    "what listens at %s does not answer as the client port of a Tarn server (rpc.port)"
                            .formatted(mount.endpoint()),
                    silent);
        } catch (final ExecutionException failed) {
            if (failed.getCause() instanceof final StorageException known) {
                throw known;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private static KeyPair keys(final MountDescription mount) {
        return new KeyPair(mount.accessKey(), mount.secret());
    }

    private static RemoteOptions remote(final MountOptions options) {
        return RemoteOptions.DEFAULT.withPatience(options.patience()).withSessionTtl(SESSION_TTL);
    }

    /**
     * For a mount that was served by another process: takes its session over, however long the node is away. Where the session is over, what it
     * held is gone, and another one begins.
     *
     * @param journal what the other left
     * @param told hears of the new token before it is used
     */
    static Storage takeOver(
            final MountDescription mount, final String token, final MountJournal journal, final Consumer<String> told) {
        final MountOptions options = MountOptions.parse(mount.options());
        final MountTarget target = MountTarget.parse(mount.target());
        final RemoteClient client = patiently(mount, () -> takeOver(mount, token, options, told));
        boolean made = false;
        try {
            final Storage storage = patiently(mount, () -> files(client, target, options, journal));
            made = true;
            return storage;
        } finally {
            if (!made) {
                client.leave();
            }
        }
    }

    /**
     * For a mount that begins anew where another process has ended: what that had open is let go, and another session begins, however long the
     * node is away.
     */
    static Storage anew(final MountDescription mount, final String token, final Consumer<String> told) {
        final MountOptions options = MountOptions.parse(mount.options());
        final MountTarget target = MountTarget.parse(mount.target());
        patiently(mount, () -> takeOver(mount, token, options, told)).close();
        final RemoteClient client =
                patiently(mount, () -> RemoteClient.connect(mount.endpoint(), keys(mount), remote(options)));
        told.accept(client.token());
        return patiently(mount, () -> files(client, target, options, MountJournal.none()));
    }

    private static RemoteClient takeOver(
            final MountDescription mount, final String token, final MountOptions options, final Consumer<String> told) {
        try {
            return RemoteClient.takeOver(mount.endpoint(), token, Optional.of(keys(mount)), remote(options), told);
        } catch (final StorageException failed) {
            if (failed.failure() != Failure.STALE_SESSION && failed.failure() != Failure.PERMISSION_DENIED) {
                throw failed;
            }
            LOG.warn("the session of {} is over ({}); another one begins", mount, failed.getMessage());
            final RemoteClient client = RemoteClient.connect(mount.endpoint(), keys(mount), remote(options));
            told.accept(client.token());
            return client;
        }
    }

    private static <T> T patiently(final MountDescription mount, final Supplier<T> attempt) {
        while (true) {
            try {
                return attempt.get();
            } catch (final StorageException away) {
                final boolean again = away.failure() == Failure.UNAVAILABLE || away.failure() == Failure.TIMEOUT;
                if (!again || Thread.currentThread().isInterrupted()) {
                    throw away;
                }
                LOG.warn("{} waits for its server: {}", mount, away.getMessage());
            }
        }
    }

    /** Commits what is written, and leaves the session to a successor. */
    void leave() {
        files.leave();
        client.leave();
    }

    /** Ends the session. */
    void close() {
        files.close();
        client.close();
    }
}
