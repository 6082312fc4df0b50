package io.tarn.server.mount.holder;

import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.UnixSocket;
import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.StateFolder;
import io.tarn.server.mount.control.Verb;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens on the control socket to commands and workers of the same user. Ends when nothing is mounted and nobody asks: under the lock that
 * commands start holders under, so that none can come to find the socket of a holder that is about to go.
 *
 * <p>Threads: one that accepts, and one for each connection, of which there is a bounded number.
 */
final class ControlServer {
    private static final int CONNECTIONS_MAX = 128;
    /** Whoever started this process comes within this time, or was killed. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(30);

    private final StateFolder folder;
    private final KeptMounts mounts;
    private final Workers workers;
    private final BoundedLog log;
    private final int user;
    private final Semaphore room = new Semaphore(CONNECTIONS_MAX);
    private final AtomicInteger commands = new AtomicInteger();
    private final CountDownLatch firstCame = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    ControlServer(final StateFolder folder, final KeptMounts mounts, final Workers workers, final BoundedLog log)
            throws IOException {
        this.folder = folder;
        this.mounts = mounts;
        this.workers = workers;
        this.log = log;
        this.user = StateFolder.user();
    }

    /** Begins; the socket is there when this returns. */
    void start() throws IOException {
        final UnixSocket listener = UnixSocket.listen(folder.socket());
        Thread.ofPlatform().daemon().name("accept").start(() -> accept(listener));
        Thread.ofPlatform().daemon().name("first").start(this::awaitFirst);
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private void awaitFirst() {
        try {
            if (!firstCame.await(FIRST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                endIfIdle();
            }
        } catch (final InterruptedException stopped) {
            log.say("not waiting for the first command: " + stopped);
        }
    }

    private void accept(final UnixSocket listener) {
        while (ended.getCount() > 0) {
            try {
                final UnixSocket socket = listener.accept();
                if (!room.tryAcquire()) {
                    log.say("turned away: there are " + CONNECTIONS_MAX + " connections");
                    socket.close();
                    continue;
                }
                Thread.ofPlatform().daemon().name("connection").start(() -> {
                    try (Connection connection = new Connection(socket)) {
                        talk(connection);
                    } finally {
                        room.release();
                    }
                });
            } catch (final LinuxException failed) {
                log.say("the control socket fails: " + failed.getMessage());
            }
        }
    }

    private void talk(final Connection connection) {
        boolean command = false;
        try {
            final UnixSocket.Peer peer = connection.peer();
            if (peer.user() != user) {
                log.say("turned away: process " + peer.process() + " of user " + peer.user());
                return;
            }
            final Optional<Connection.Received> first = connection.receive();
            if (first.isEmpty()) {
                return;
            }
            if (first.get().message().verb() == Verb.WORKER) {
                listen(connection, peer, first.get());
            } else {
                command = true;
                commands.incrementAndGet();
                firstCame.countDown();
                first.get().closeDescriptors();
                new CommandCalls(connection, mounts, workers).answer(first.get().message());
            }
        } catch (final IOException brokenOff) {
            log.say("a connection broke off: " + brokenOff.getMessage());
        } catch (final InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            if (command) {
                commands.decrementAndGet();
            }
            endIfIdle();
        }
    }

    private void listen(final Connection connection, final UnixSocket.Peer peer, final Connection.Received report)
            throws IOException {
        final WorkerLink link = new WorkerLink(
                connection,
                ProcessHandle.of(peer.process())
                        .orElseThrow(() -> new IOException("process " + peer.process() + " is gone")),
                log);
        for (final Descriptor lifeline : report.descriptors()) {
            link.watch(lifeline);
        }
        workers.reported(peer.process(), link).listen(mounts, this::endIfIdle);
    }

    /** Ends this process when nothing is mounted and no command is there. */
    void endIfIdle() {
        if (!mounts.isEmpty() || commands.get() > 0) {
            return;
        }
        try (FileChannel channel =
                        FileChannel.open(folder.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            // not ours: a command is about to come, and this is looked at again when it goes
            if (lock != null && mounts.isEmpty() && commands.get() == 0 && ended.getCount() > 0) {
                Files.deleteIfExists(Path.of(folder.socket()));
                log.say("nothing is mounted any more");
                ended.countDown();
            }
        } catch (final IOException | java.nio.channels.OverlappingFileLockException failed) {
            log.say("not ended: " + failed);
        }
    }
}
