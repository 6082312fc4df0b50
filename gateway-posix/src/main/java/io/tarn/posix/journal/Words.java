package io.tarn.posix.journal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Shared memory, by words, in an order that holds wherever the process is killed: what was stored before a {@link #publish} is there
 * when its word is. A process that is killed leaves every store that it has carried out, and no half of an aligned word. Thread-safe.
 */
final class Words {
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;
    private final Runnable stored;

    /** @param stored called after each store, by tests that kill there */
    Words(final MemorySegment memory, final Runnable stored) {
        this.memory = memory;
        this.stored = stored;
    }

    long bytes() {
        return memory.byteSize();
    }

    Words part(final long at, final long length) {
        return new Words(memory.asSlice(at, length), stored);
    }

    long get(final long at) {
        return (long) WORD.getAcquire(memory, at);
    }

    /** Behind all stores before it. */
    void publish(final long at, final long value) {
        WORD.setRelease(memory, at, value);
        // Nor may what comes later be seen before it.
        VarHandle.fullFence();
        stored.run();
    }

    /** In no order, for what a later {@link #publish} makes valid. */
    void put(final long at, final long value) {
        memory.set(ValueLayout.JAVA_LONG, at, value);
        stored.run();
    }

    /** Copies bytes here, for what a later {@link #publish} makes valid. */
    void put(final long at, final ByteBuffer bytes) {
        MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, memory, at, bytes.remaining());
        stored.run();
    }

    ByteBuffer bytes(final long at, final long length) {
        return memory.asSlice(at, length).asByteBuffer();
    }
}
