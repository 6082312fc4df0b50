package io.tarn.posix.fuse;

import io.tarn.posix.fs.Errno;
import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.LinuxException;
import java.io.IOException;

/** The INIT exchange, which comes before all else on a connection. */
final class Handshake {
    private Handshake() {}

    static SessionParameters shake(final Descriptor device, final SessionOptions options, final RequestBuffers buffers)
            throws IOException {
        final RequestBuffer buffer = buffers.takeForReader();
        try {
            final RequestHeader header = buffer.header(receive(device, buffer));
            if (!(new OperationReader(0).read(header, buffer.arguments(header))
                    instanceof final Operation.Initialize kernel)) {
                throw new MalformedRequestException("the connection begins with operation " + header.opcode());
            }
            return answer(device, options, buffer, header, kernel);
        } finally {
            buffers.giveFromReader(buffer);
        }
    }

    private static long receive(final Descriptor device, final RequestBuffer buffer) throws LinuxException {
        while (true) {
            final long received = buffer.receive(device);
            if (received >= 0) {
                return received;
            }
            if (received != -LinuxException.EINTR) {
                throw new LinuxException("reading the kernel's first request", (int) -received);
            }
        }
    }

    private static SessionParameters answer(
            final Descriptor device,
            final SessionOptions options,
            final RequestBuffer buffer,
            final RequestHeader header,
            final Operation.Initialize kernel)
            throws IOException {
        final SessionParameters agreed;
        try {
            agreed = Negotiation.agree(kernel, options);
        } catch (final MalformedRequestException tooOld) {
            // the mount must not hang; that the answer may fail too changes nothing
            buffer.answer(device, header.unique(), Errno.EOPNOTSUPP.number(), 0);
            throw tooOld;
        }
        final int bytes = Negotiation.answer(buffer.segment(), RequestBuffer.bodyAt(), kernel, agreed, options);
        final long result = buffer.answer(device, header.unique(), 0, bytes);
        if (result < 0) {
            throw new LinuxException("the kernel refused the answer to INIT", (int) -result);
        }
        return agreed;
    }
}
