package io.tarn.server.mount.control;

import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.UnixSocket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Messages over a control socket. Any number of threads may send while one receives; both block their thread of the kernel. To be closed by the
 * thread that receives, or when none does; others {@link #shutdown}.
 */
public final class Connection implements AutoCloseable {
    private final UnixSocket socket;
    private final ReentrantLock sending = new ReentrantLock();
    /** Held for writing to close: a descriptor's number may be another file's a moment later. */
    private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    public Connection(final UnixSocket socket) {
        this.socket = socket;
    }

    /**
     * What arrived.
     *
     * @param message what was said
     * @param descriptors that came with it; the receiver's to close
     */
    public record Received(Message message, List<Descriptor> descriptors) {
        public void closeDescriptors() {
            descriptors.forEach(Descriptor::close);
        }
    }

    public void send(final Message message) throws IOException {
        send(message, List.of());
    }

    /** Descriptors stay open here. */
    public void send(final Message message, final List<Descriptor> descriptors) throws IOException {
        final byte[] bytes = message.toBytes();
        open.readLock().lock();
        try {
            if (closed) {
                throw new IOException("the other end is gone");
            }
            sending.lock();
            try {
                socket.send(bytes, descriptors);
            } finally {
                sending.unlock();
            }
        } finally {
            open.readLock().unlock();
        }
    }

    /** Waits for the next; empty when the other end is gone. */
    public Optional<Received> receive() throws IOException {
        final Optional<UnixSocket.Message> got;
        try {
            got = socket.receive();
        } catch (final LinuxException failed) {
            if (failed.errno() == LinuxException.ECONNRESET) {
                return Optional.empty();
            }
            throw failed;
        }
        if (got.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Received(Message.parse(got.get().bytes()), got.get().descriptors()));
        } catch (final IOException nonsense) {
            got.get().descriptors().forEach(Descriptor::close);
            throw nonsense;
        }
    }

    public UnixSocket.Peer peer() throws IOException {
        return socket.peer();
    }

    /** What was sent already is still received here, then the end; the other side sees the end at once, and so does who waits to send. */
    public void shutdown() {
        open.readLock().lock();
        try {
            if (!closed) {
                socket.shutdown();
            }
        } catch (final LinuxException alreadyApart) {
            // ENOTCONN: the other side was faster, and nothing is left to do
            if (alreadyApart.errno() != LinuxException.ENOTCONN) {
                throw new IllegalStateException(alreadyApart);
            }
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public void close() {
        shutdown();
        open.writeLock().lock();
        try {
            closed = true;
            socket.close();
        } finally {
            open.writeLock().unlock();
        }
    }
}
