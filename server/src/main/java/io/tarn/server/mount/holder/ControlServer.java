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
import java.nio.file.NoSuchFileException;
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
 * <p>Threads: one that accepts, one that looks whether all is over, and one for each connection, of which there is a bounded number.
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
    /** Something has gone, so that this process may have to go, too. */
    private final Semaphore looks = new Semaphore(0);

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
        Thread.ofPlatform().daemon().name("idle").start(this::awaitIdle);
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

    /** Something has gone: whether this process is to end, too, is looked at soon. Does not wait. */
    void endIfIdle() {
        looks.release();
    }

    /** A thread of its own, for it waits for commands that are about to come, or to go. */
    private void awaitIdle() {
        try {
            while (ended.getCount() > 0) {
                looks.acquire();
                looks.drainPermits();
                if (isIdle()) {
                    look();
                }
            }
        } catch (final InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isIdle() {
        return mounts.isEmpty() && commands.get() == 0;
    }

    private void look() {
        try (FileChannel channel =
                        FileChannel.open(folder.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && isIdle()) {
                Files.deleteIfExists(Path.of(folder.socket()));
                end("nothing is mounted any more");
            }
        } catch (final NoSuchFileException removed) {
            if (isIdle()) {
                end("nothing is mounted any more, and the folder is gone: " + removed.getMessage());
            }
        } catch (final IOException failed) {
            log.say("not ended: " + failed);
        }
    }

    private void end(final String why) {
        log.say(why);
        ended.countDown();
    }
}
