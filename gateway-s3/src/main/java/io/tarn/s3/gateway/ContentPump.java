package io.tarn.s3.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.tarn.client.ContentReader;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.s3.call.Reply;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * Sends stored content: the virtual thread fills pooled direct buffers, the event loop writes them.
 *
 * <p>Bound: {@link #AHEAD} buffers of {@link #CHUNK_BYTES} beyond what the connection's write buffer holds, whose high-water
 * mark is {@link #HIGH_WATER_BYTES}. It waits for the client as long as {@link SlowReaders} does, which closes the connection.
 *
 * <p>Cost of a chunk: one read into the buffer that goes to the socket (no copy), one task on the event loop, at most one
 * unpark.
 */
final class ContentPump {
    static final int CHUNK_BYTES = 256 * 1024;
    static final int HIGH_WATER_BYTES = 512 * 1024;
    static final int LOW_WATER_BYTES = 128 * 1024;

    /** Shorter ones are left to Netty's allocator, which keeps what is as small as that. */
    private static final int LENT_FROM_BYTES = 64 * 1024;

    private static final ChunkBuffers BUFFERS = new ChunkBuffers(CHUNK_BYTES);
    private static final int AHEAD = 2;
    private static final int QUEUED = 16;

    private final Channel channel;
    private final Reply.Range range;
    private final ByteBuf first;
    private final WritabilityGate gate;
    private final Semaphore ahead = new Semaphore(AHEAD);
    private final Sinks.Many<ByteBuf> chunks = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<ByteBuf>get(QUEUED).get());
    private volatile boolean gone;

    /** A pump for a range longer than a chunk, whose first chunk was read already. */
    ContentPump(final Channel channel, final Reply.Range range, final ByteBuf first) {
        this.channel = channel;
        this.range = range;
        this.first = first;
        this.gate = WritabilityGate.of(channel);
    }

    /** Buffers of stored content that are on their way to clients, over all connections. */
    static int buffersUnderWay() {
        return BUFFERS.lent();
    }

    /** What the connection is to send. */
    Flux<ByteBuf> chunks() {
        return chunks.asFlux().doOnDiscard(ByteBuf.class, ByteBuf::release).doOnCancel(this::clientGone);
    }

    private void clientGone() {
        gone = true;
        ahead.release(AHEAD);
    }

    /**
     * Sends the first chunk and reads and sends all that follow; returns when the last chunk is on its way or the client is gone.
     * When a later read fails, the caller breaks the connection off, for the status is sent already.
     */
    void run() throws InterruptedException {
        long end = range.offset() + range.length();
        long offset = range.offset() + CHUNK_BYTES;
        ahead.acquire();
        channel.eventLoop().execute(() -> send(first, false));
        while (offset < end && !gone) {
            ahead.acquire();
            if (gone) {
                return;
            }
            int length = (int) Math.min(CHUNK_BYTES, end - offset);
            ByteBuf next = read(channel, range.reader(), offset, length);
            offset += length;
            boolean last = offset == end;
            channel.eventLoop().execute(() -> send(next, last));
        }
    }

    /** Fills a direct buffer with exactly {@code length} bytes, at most a chunk; a short one is the connection's own. */
    static ByteBuf read(final Channel channel, final ContentReader reader, final long offset, final int length) {
        ByteBuf chunk = length < LENT_FROM_BYTES ? channel.alloc().directBuffer(length, length) : BUFFERS.lend();
        boolean filled = false;
        try {
            ByteBuffer target = chunk.internalNioBuffer(0, length);
            int read = reader.read(offset, target);
            if (read != length) {
                throw new StorageException(
                        Failure.CORRUPT, "content ends at " + (offset + read) + ", not at " + (offset + length));
            }
            chunk.writerIndex(length);
            filled = true;
            return chunk;
        } finally {
            if (!filled) {
                chunk.release();
            }
        }
    }

    private void send(final ByteBuf chunk, final boolean last) {
        if (gone || chunks.tryEmitNext(chunk).isFailure()) {
            chunk.release();
            gone = true;
        }
        if (last) {
            chunks.tryEmitComplete();
        }
        gate.whenWritable(channel, ahead::release);
    }
}
