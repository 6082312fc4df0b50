package io.tarn.bench.http;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * One keep-alive HTTP/1.1 connection, one exchange at a time.
 *
 * <p>Threading: used by one thread; {@link #close} may be called from any thread and wakes a blocked exchange with an exception,
 * which is how a stuck server is bounded in time. Meant for platform threads: a blocking channel then costs one system call
 * per read and write and nothing else.
 *
 * <p>Cost of an exchange: request head and body leave in one gathering write from direct memory; the answer is read into one
 * direct buffer and handed to the sink from there. No copy of a body, no thread hop, and a handful of small objects.
 */
public final class HttpConnection implements Closeable {
    /** Bytes asked of the kernel per read. */
    private static final int READ_BUFFER_BYTES = 256 * 1024;

    private static final int MAX_INTERIM_RESPONSES = 8;

    private final InetSocketAddress address;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BUFFER_BYTES).limit(0);
    private volatile SocketChannel channel;
    private volatile boolean closed;

    private HttpConnection(final InetSocketAddress address) throws IOException {
        this.address = address;
        this.channel = connect(address);
    }

    /** Connects. */
    public static HttpConnection open(final InetSocketAddress address) throws IOException {
        return new HttpConnection(address);
    }

    private static SocketChannel connect(final InetSocketAddress address) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(address);
            return channel;
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Sends a request and reads its whole answer.
     *
     * @param head request line and header fields with the empty line, ASCII; consumed
     * @param body request body, possibly empty; consumed
     * @param headMethod whether the method is HEAD, whose answer announces a length and has no body
     * @param sink takes the answer's body
     * @return the status, and in {@link Answer#length} the bytes of the body, or for HEAD the announced length
     */
    public Answer exchange(final ByteBuffer head, final ByteBuffer body, final boolean headMethod, final BodySink sink)
            throws IOException {
        send(head, body);
        final ResponseHead answer = readHead();
        final long length;
        if (headMethod || answer.bodyless()) {
            length = answer.contentLength().orElse(0);
        } else if (answer.chunked()) {
            length = readChunked(sink);
        } else if (answer.contentLength().isPresent()) {
            length = answer.contentLength().getAsLong();
            readFixed(length, sink);
        } else {
            throw new HttpProtocolException("response has neither a length nor chunks");
        }
        if (answer.close()) {
            reconnect();
        } else if (in.hasRemaining()) {
            throw new HttpProtocolException(in.remaining() + " bytes follow the response unasked");
        }
        return new Answer(answer.status(), length);
    }

    /**
     * The end of an exchange.
     *
     * @param status HTTP status code
     * @param length bytes of the body, or what HEAD announced
     */
    public record Answer(int status, long length) {}

    private void send(final ByteBuffer head, final ByteBuffer body) throws IOException {
        if (!body.hasRemaining()) {
            while (head.hasRemaining()) {
                channel.write(head);
            }
            return;
        }
        final ByteBuffer[] parts = {head, body};
        while (body.hasRemaining()) {
            channel.write(parts);
        }
    }

    private ResponseHead readHead() throws IOException {
        for (int interim = 0; interim <= MAX_INTERIM_RESPONSES; interim++) {
            Optional<ResponseHead> head = ResponseHead.parse(in);
            while (head.isEmpty()) {
                in.compact();
                fill();
                head = ResponseHead.parse(in);
            }
            if (!head.get().interim()) {
                return head.get();
            }
        }
        throw new HttpProtocolException("more than " + MAX_INTERIM_RESPONSES + " interim responses");
    }

    private void readFixed(final long length, final BodySink sink) throws IOException {
        long left = length;
        while (left > 0) {
            refill();
            final int size = (int) Math.min(left, in.remaining());
            sink.accept(in.slice(in.position(), size));
            in.position(in.position() + size);
            left -= size;
        }
    }

    private long readChunked(final BodySink sink) throws IOException {
        final ChunkedDecoder decoder = new ChunkedDecoder();
        while (!decoder.feed(in, sink)) {
            refill();
        }
        return decoder.total();
    }

    private void refill() throws IOException {
        if (!in.hasRemaining()) {
            in.clear();
            fill();
        }
    }

    /** Reads into the buffer's free space and flips it for reading. */
    private void fill() throws IOException {
        final int count = channel.read(in);
        in.flip();
        if (count < 0) {
            throw new EOFException("server closed the connection before the answer's end");
        }
    }

    private void reconnect() throws IOException {
        channel.close();
        in.clear().limit(0);
        if (closed) {
            throw new EOFException("connection is closed");
        }
        channel = connect(address);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        channel.close();
    }
}
