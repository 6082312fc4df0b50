package io.tarn.s3.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers of one size that content is read into on its way to a socket. They are kept and lent again: an allocator that
 * gives memory back to the system between two requests makes the kernel clear and map every page anew.
 *
 * <p>Bound: at most {@link #IDLE_MAX} idle ones are kept; how many are lent is bounded by the connections and by what
 * {@link ContentPump} lets wait on each. Thread-safe; lending costs one step on a queue and a small object.
 */
final class ChunkBuffers {
    /** Idle buffers that are kept. */
    static final int IDLE_MAX = 128;

    private final ArrayBlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(IDLE_MAX);
    private final int bytes;
    private final AtomicInteger lent = new AtomicInteger();

    ChunkBuffers(final int bytes) {
        this.bytes = bytes;
    }

    /** An empty buffer with room for the size of all buffers here; comes back when it is released. */
    ByteBuf lend() {
        lent.incrementAndGet();
        return new Lent(Optional.ofNullable(idle.poll()).orElseGet(() -> ByteBuffer.allocateDirect(bytes)));
    }

    /** Buffers kept at this moment. */
    int idle() {
        return idle.size();
    }

    /** Buffers lent and not yet given back. */
    int lent() {
        return lent.get();
    }

    private final class Lent extends UnpooledDirectByteBuf {
        private final ByteBuffer memory;

        Lent(final ByteBuffer memory) {
            super(UnpooledByteBufAllocator.DEFAULT, memory, memory.capacity());
            this.memory = memory;
            clear();
        }

        /** One too many is left to the garbage collector. */
        @Override
        protected void deallocate() {
            super.deallocate();
            lent.decrementAndGet();
            var unused = idle.offer(memory);
        }
    }
}
