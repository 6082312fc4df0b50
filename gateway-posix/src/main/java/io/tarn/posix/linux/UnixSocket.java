package io.tarn.posix.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A socket within the machine that keeps messages apart (SOCK_SEQPACKET) and carries open descriptors with them (SCM_RIGHTS, unix(7)),
 * which JDK's own sockets cannot. Calls block their thread of the kernel; meant for the few messages of a hand-over, not for traffic.
 *
 * <p>One thread may send while another receives.
 */
public final class UnixSocket implements AutoCloseable {
    /** Longest message, in bytes. */
    public static final int MESSAGE_BYTES = 65_536;

    /** The kernel's limit of a path, its NUL taken off. */
    public static final int PATH_BYTES = 107;

    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET_CLOEXEC = 5 | 0x80000;
    private static final int BACKLOG = 16;
    private static final int ADDRESS_BYTES = 2 + PATH_BYTES + 1;
    private static final int SHUT_RDWR = 2;

    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    /** struct ucred. */
    private static final long CREDENTIALS_BYTES = 12;

    private static final MethodHandle SOCKET = call("socket", 3);
    private static final MethodHandle GETSOCKOPT = Binding.function(
            "getsockopt",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle LISTEN = call("listen", 2);
    private static final MethodHandle SHUTDOWN = call("shutdown", 2);
    private static final MethodHandle SOCKETPAIR = Binding.function(
            "socketpair",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final FunctionDescriptor WITH_ADDRESS = FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
    private static final MethodHandle BIND = Binding.function("bind", WITH_ADDRESS);
    private static final MethodHandle CONNECT = Binding.function("connect", WITH_ADDRESS);
    private static final MethodHandle ACCEPT = Binding.function(
            "accept4",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    private final Descriptor descriptor;

    private UnixSocket(final Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * What arrived.
     *
     * @param bytes of the message
     * @param descriptors that came with it; the receiver's to close
     */
    public record Message(byte[] bytes, List<Descriptor> descriptors) {}

    /**
     * Who is at the other end, or was when it connected.
     *
     * @param process its number
     * @param user its user id
     */
    public record Peer(int process, int user) {}

    /** Two ends that are connected to each other. */
    public record Pair(UnixSocket first, UnixSocket second) {}

    private static MethodHandle call(final String name, final int arguments) {
        final var ints = new ValueLayout.OfInt[arguments];
        Arrays.fill(ints, ValueLayout.JAVA_INT);
        return Binding.function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, ints));
    }

    public static Pair pair() throws LinuxException {
        final var state = new CallState();
        try (var arena = Arena.ofConfined()) {
            final MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            final int result =
                    (int) SOCKETPAIR.invokeExact(state.segment(), AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, ends.address());
            LinuxException.check("socketpair", result < 0 ? -state.errno() : result);
            return new Pair(
                    new UnixSocket(new Descriptor(ends.getAtIndex(ValueLayout.JAVA_INT, 0))),
                    new UnixSocket(new Descriptor(ends.getAtIndex(ValueLayout.JAVA_INT, 1))));
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("socketpair", thrown);
        }
    }

    /** Waits for connections at a path where nothing is yet. */
    public static UnixSocket listen(final String path) throws LinuxException {
        final UnixSocket socket = addressed(path, "bind", BIND);
        final var state = new CallState();
        try {
            final int result = (int) LISTEN.invokeExact(state.segment(), socket.descriptor.number(), BACKLOG);
            LinuxException.check("listen " + path, result < 0 ? -state.errno() : result);
            return socket;
        } catch (final LinuxException failed) {
            socket.close();
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("listen", thrown);
        }
    }

    /** Connects to whoever listens at a path. */
    public static UnixSocket connect(final String path) throws LinuxException {
        return addressed(path, "connect", CONNECT);
    }

    private static UnixSocket addressed(final String path, final String what, final MethodHandle call)
            throws LinuxException {
        final byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PATH_BYTES) {
            throw new IllegalArgumentException("longer than " + PATH_BYTES + " bytes: " + path);
        }
        final var state = new CallState();
        try (var arena = Arena.ofConfined()) {
            final int number = (int) SOCKET.invokeExact(state.segment(), AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0);
            final var made = new Descriptor((int) LinuxException.check("socket", number < 0 ? -state.errno() : number));
            final MemorySegment address = arena.allocate(ADDRESS_BYTES);
            address.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) AF_UNIX);
            MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
            final int result = (int) call.invokeExact(state.segment(), number, address.address(), ADDRESS_BYTES);
            if (result < 0) {
                made.close();
                throw new LinuxException(what + " " + path, state.errno());
            }
            return new UnixSocket(made);
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected(what, thrown);
        }
    }

    /** The next that connects; fails with {@code EINVAL} after {@link #shutdown}. */
    public UnixSocket accept() throws LinuxException {
        final var state = new CallState();
        while (true) {
            final int number;
            try {
                number = (int) ACCEPT.invokeExact(state.segment(), descriptor.number(), 0L, 0L, 0x80000);
            } catch (final Throwable thrown) {
                throw Binding.unexpected("accept4", thrown);
            }
            if (number >= 0) {
                return new UnixSocket(new Descriptor(number));
            }
            if (state.errno() != LinuxException.EINTR) {
                throw new LinuxException("accept", state.errno());
            }
        }
    }

    /** Who connected, as the kernel noted it then. */
    public Peer peer() throws LinuxException {
        final var state = new CallState();
        try (var arena = Arena.ofConfined()) {
            final MemorySegment credentials = arena.allocate(CREDENTIALS_BYTES, Integer.BYTES);
            final MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, (int) CREDENTIALS_BYTES);
            final int result = (int) GETSOCKOPT.invokeExact(
                    state.segment(),
                    descriptor.number(),
                    SOL_SOCKET,
                    SO_PEERCRED,
                    credentials.address(),
                    length.address());
            LinuxException.check("getsockopt", result < 0 ? -state.errno() : result);
            return new Peer(
                    credentials.getAtIndex(ValueLayout.JAVA_INT, 0), credentials.getAtIndex(ValueLayout.JAVA_INT, 1));
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("getsockopt", thrown);
        }
    }

    /** Sends a message of at least one byte, with descriptors, which stay open here. */
    public void send(final byte[] bytes, final List<Descriptor> descriptors) throws LinuxException {
        DescriptorMessage.send(descriptor.number(), bytes, descriptors);
    }

    /** Waits for a message; empty when the other end is closed. */
    public Optional<Message> receive() throws LinuxException {
        return DescriptorMessage.receive(descriptor.number());
    }

    /** Ends both directions, so that whoever waits in {@link #accept} or {@link #receive} returns. */
    public void shutdown() throws LinuxException {
        final var state = new CallState();
        try {
            final int result = (int) SHUTDOWN.invokeExact(state.segment(), descriptor.number(), SHUT_RDWR);
            LinuxException.check("shutdown", result < 0 ? -state.errno() : result);
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("shutdown", thrown);
        }
    }

    /** The socket itself, to be given to a child. */
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
