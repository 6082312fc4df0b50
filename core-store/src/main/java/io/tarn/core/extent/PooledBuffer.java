package io.tarn.core.extent;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A borrowed piece of a {@link BufferPool}. The content is whatever was there before. Nobody may touch the buffer after it was
 * closed; closing twice is harmless.
 */
public final class PooledBuffer implements AutoCloseable {
    private final ByteBuffer buffer;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    PooledBuffer(final ByteBuffer buffer, final Runnable giveBack) {
        this.buffer = buffer;
        this.giveBack = giveBack;
    }

    /** Direct and big-endian; may be larger than what was asked for. The same object at every call. */
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
