package io.tarn.server.mount.control;

import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.UnixSocket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Messages over a control socket. Any number of threads may send while one receives; both block their thread of the kernel. */
public final class Connection implements AutoCloseable {
    private final UnixSocket socket;
    private final ReentrantLock sending = new ReentrantLock();

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
        sending.lock();
        try {
            socket.send(bytes, descriptors);
        } finally {
            sending.unlock();
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

    /** What was sent already is still received here, then the end; the other side sees the end at once. */
    public void shutdown() throws IOException {
        socket.shutdown();
    }

    @Override
    public void close() {
        socket.close();
    }
}
