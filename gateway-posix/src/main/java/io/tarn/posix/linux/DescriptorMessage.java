package io.tarn.posix.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A message with descriptors, as sendmsg(2) and recvmsg(2) lay it out on 64 bits: struct msghdr, one struct iovec, one struct cmsghdr. */
final class DescriptorMessage {
    /** SCM_MAX_FD. */
    private static final int MOST_DESCRIPTORS = 253;

    private static final long HEADER_BYTES = 56;
    private static final long VECTOR_AT = 16;
    private static final long VECTORS_AT = 24;
    private static final long CONTROL_AT = 32;
    private static final long CONTROL_BYTES_AT = 40;
    private static final long FLAGS_AT = 48;
    private static final long CONTROL_HEADER_BYTES = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final int MSG_TRUNCATED = 0x20 | 0x08;
    private static final int EMSGSIZE = 90;

    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
    private static final MethodHandle SENDMSG = Binding.function("sendmsg", SHAPE);
    private static final MethodHandle RECVMSG = Binding.function("recvmsg", SHAPE);

    private DescriptorMessage() {}

    static void send(final int socket, final byte[] bytes, final List<Descriptor> descriptors) throws LinuxException {
        if (bytes.length == 0 || bytes.length > UnixSocket.MESSAGE_BYTES || descriptors.size() > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(bytes.length + " bytes, " + descriptors.size() + " descriptors");
        }
        try (var arena = Arena.ofConfined()) {
            final long rights = CONTROL_HEADER_BYTES + (long) descriptors.size() * Integer.BYTES;
            final MemorySegment control = arena.allocate(Math.ceilDiv(rights, Long.BYTES) * Long.BYTES, Long.BYTES);
            control.set(ValueLayout.JAVA_LONG, 0, rights);
            control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
            control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
            for (int i = 0; i < descriptors.size(); i++) {
                control.set(
                        ValueLayout.JAVA_INT,
                        CONTROL_HEADER_BYTES + (long) i * Integer.BYTES,
                        descriptors.get(i).number());
            }
            final MemorySegment payload = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            final MemorySegment header = header(arena, payload, control);
            if (descriptors.isEmpty()) {
                header.set(ValueLayout.JAVA_LONG, CONTROL_AT, 0);
                header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT, 0);
            }
            final long sent = transfer(SENDMSG, "sendmsg", socket, header, MSG_NOSIGNAL);
            if (sent != bytes.length) {
                throw new LinuxException("sendmsg took " + sent + " of " + bytes.length + " bytes", EMSGSIZE);
            }
        }
    }

    static Optional<UnixSocket.Message> receive(final int socket) throws LinuxException {
        try (var arena = Arena.ofConfined()) {
            final MemorySegment payload = arena.allocate(UnixSocket.MESSAGE_BYTES);
            final MemorySegment control =
                    arena.allocate(CONTROL_HEADER_BYTES + (long) (MOST_DESCRIPTORS + 1) * Integer.BYTES, Long.BYTES);
            final MemorySegment header = header(arena, payload, control);
            final int count = (int) transfer(RECVMSG, "recvmsg", socket, header, MSG_CMSG_CLOEXEC);
            if (count == 0) {
                return Optional.empty();
            }
            final List<Descriptor> descriptors =
                    descriptors(control, header.get(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT));
            if ((header.get(ValueLayout.JAVA_INT, FLAGS_AT) & MSG_TRUNCATED) != 0) {
                descriptors.forEach(Descriptor::close);
                throw new LinuxException("a message was cut off", EMSGSIZE);
            }
            return Optional.of(new UnixSocket.Message(
                    payload.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), List.copyOf(descriptors)));
        }
    }

    private static MemorySegment header(final Arena arena, final MemorySegment payload, final MemorySegment control) {
        final MemorySegment vector = arena.allocate(2 * Long.BYTES, Long.BYTES);
        vector.set(ValueLayout.JAVA_LONG, 0, payload.address());
        vector.set(ValueLayout.JAVA_LONG, Long.BYTES, payload.byteSize());
        final MemorySegment header = arena.allocate(HEADER_BYTES, Long.BYTES);
        header.set(ValueLayout.JAVA_LONG, VECTOR_AT, vector.address());
        header.set(ValueLayout.JAVA_LONG, VECTORS_AT, 1);
        header.set(ValueLayout.JAVA_LONG, CONTROL_AT, control.address());
        header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT, control.byteSize());
        return header;
    }

    private static List<Descriptor> descriptors(final MemorySegment control, final long controlBytes) {
        final var descriptors = new ArrayList<Descriptor>();
        long at = 0;
        while (at + CONTROL_HEADER_BYTES <= controlBytes) {
            final long length = control.get(ValueLayout.JAVA_LONG, at);
            if (control.get(ValueLayout.JAVA_INT, at + 8) == SOL_SOCKET
                    && control.get(ValueLayout.JAVA_INT, at + 12) == SCM_RIGHTS) {
                for (long i = at + CONTROL_HEADER_BYTES; i + Integer.BYTES <= at + length; i += Integer.BYTES) {
                    descriptors.add(new Descriptor(control.get(ValueLayout.JAVA_INT, i)));
                }
            }
            at += Math.ceilDiv(Math.max(length, CONTROL_HEADER_BYTES), Long.BYTES) * Long.BYTES;
        }
        return descriptors;
    }

    private static long transfer(
            final MethodHandle call, final String name, final int socket, final MemorySegment header, final int flags)
            throws LinuxException {
        final var state = new CallState();
        while (true) {
            final long count;
            try {
                count = (long) call.invokeExact(state.segment(), socket, header.address(), flags);
            } catch (final Throwable thrown) {
                throw Binding.unexpected(name, thrown);
            }
            if (count >= 0) {
                return count;
            }
            if (state.errno() != LinuxException.EINTR) {
                throw new LinuxException(name, state.errno());
            }
        }
    }
}
