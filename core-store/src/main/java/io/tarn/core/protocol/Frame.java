package io.tarn.core.protocol;

import io.grpc.Detachable;
import io.grpc.Drainable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes on the wire with a fixed header before them, outside protobuf so that nothing holds them whole in between.
 *
 * <p>Cost: sending copies the payload once into the transport's buffer (direct memory by way of a small array); what was received stays in
 * the transport's buffers until it is read, which is one copy into the caller's, on the caller's thread. For one thread at a time.
 */
public final class Frame implements AutoCloseable {
    private static final int COPY_BYTES = 16 << 10;

    private final ByteBuffer header;
    private final List<ByteBuffer> payload;
    private final InputStream received;
    private final Runnable onClose;

    private Frame(
            final ByteBuffer header,
            final List<ByteBuffer> payload,
            final InputStream received,
            final Runnable onClose) {
        this.header = header;
        this.payload = payload;
        this.received = received;
        this.onClose = onClose;
    }

    /** To be sent; the payload's positions stay, and its bytes must not change until the frame is handed to the transport. */
    public static Frame of(final ByteBuffer header, final List<ByteBuffer> payload) {
        return of(header, payload, () -> {});
    }

    /** @param onClose gives the payload's memory back */
    static Frame of(final ByteBuffer header, final List<ByteBuffer> payload, final Runnable onClose) {
        return new Frame(
                header, payload.stream().map(ByteBuffer::duplicate).toList(), InputStream.nullInputStream(), onClose);
    }

    private static Frame received(final InputStream stream) {
        return new Frame(ByteBuffer.allocate(0), List.of(), stream, () -> {});
    }

    /** Bytes received and not read yet. */
    public int remaining() {
        try {
            return received.available();
        } catch (final IOException e) {
            throw new UncheckedIOException("the frame is closed", e);
        }
    }

    /** Reads the header of a received frame. */
    public ByteBuffer readHeader(final int bytes) {
        try {
            final byte[] read = received.readNBytes(bytes);
            if (read.length < bytes) {
                throw Failures.malformed("a frame of " + read.length + " bytes");
            }
            return ByteBuffer.wrap(read);
        } catch (final IOException e) {
            throw new StorageException(Failure.IO_ERROR, "the frame cannot be read", e);
        }
    }

    /** Reads exactly as much as the target has room for, or fails. */
    public void readFully(final ByteBuffer target) {
        try {
            while (target.hasRemaining()) {
                if (received instanceof final HasByteBuffer direct && direct.byteBufferSupported()) {
                    final ByteBuffer part = direct.getByteBuffer();
                    if (part == null || !part.hasRemaining()) {
                        throw Failures.malformed("a frame ends too early");
                    }
                    final int step = Math.min(part.remaining(), target.remaining());
                    target.put(part.slice(part.position(), step));
                    received.skipNBytes(step);
                } else {
                    final byte[] part = received.readNBytes(Math.min(COPY_BYTES, target.remaining()));
                    if (part.length == 0) {
                        throw Failures.malformed("a frame ends too early");
                    }
                    target.put(part);
                }
            }
        } catch (final IOException e) {
            throw new StorageException(Failure.IO_ERROR, "the frame cannot be read", e);
        }
    }

    /** Gives the transport's buffers back. */
    @Override
    public void close() {
        onClose.run();
        try {
            received.close();
        } catch (final IOException e) {
            throw new UncheckedIOException("buffers are not given back", e);
        }
    }

    static final MethodDescriptor.Marshaller<Frame> MARSHALLER = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(final Frame frame) {
            return new Outgoing(frame);
        }

        @Override
        public Frame parse(final InputStream stream) {
            if (stream instanceof final Detachable buffers) {
                return received(buffers.detach());
            }
            try {
                return received(new ByteArrayInputStream(stream.readAllBytes()));
            } catch (final IOException e) {
                throw new UncheckedIOException("the frame cannot be read", e);
            }
        }
    };

    private static final class Outgoing extends InputStream implements Drainable, KnownLength {
        private final Frame frame;
        private final int length;

        Outgoing(final Frame frame) {
            this.frame = frame;
            this.length = frame.header.remaining()
                    + frame.payload.stream().mapToInt(ByteBuffer::remaining).sum();
        }

        @Override
        public int drainTo(final OutputStream target) throws IOException {
            target.write(
                    frame.header.array(),
                    frame.header.arrayOffset() + frame.header.position(),
                    frame.header.remaining());
            for (final ByteBuffer part : frame.payload) {
                if (part.hasArray()) {
                    target.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
                } else {
                    drain(part.duplicate(), target);
                }
            }
            return length;
        }

        private static void drain(final ByteBuffer direct, final OutputStream target) throws IOException {
            final byte[] copy = new byte[Math.min(COPY_BYTES, direct.remaining())];
            while (direct.hasRemaining()) {
                final int step = Math.min(copy.length, direct.remaining());
                direct.get(copy, 0, step);
                target.write(copy, 0, step);
            }
        }

        @Override
        public int available() {
            return length;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("a frame is drained, not read");
        }

        @Override
        public int read(final byte[] target, final int offset, final int length) {
            throw new UnsupportedOperationException("a frame is drained, not read");
        }
    }
}
