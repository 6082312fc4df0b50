package io.tarn.posix.jnr;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Where a request is read into, and struct fuse_buf, which tells libfuse so. Used for one after another, by one thread. */
final class RequestMemory {
    private static final long BUFFER_BYTES = 40;
    private static final long MEMORY_AT = 16;
    private static final long PAGE_BYTES = 4096;

    private final MemorySegment request;
    private final MemorySegment channel;
    private final Pointer channelPointer;
    private final MemorySegment buffer;
    private final Pointer bufferPointer;

    RequestMemory(final Arena arena, final long bytes) {
        request = arena.allocate(bytes, PAGE_BYTES);
        buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
        channel = arena.allocate(ValueLayout.JAVA_LONG);
        channelPointer = Pointer.wrap(Runtime.getSystemRuntime(), channel.address());
        bufferPointer = Pointer.wrap(Runtime.getSystemRuntime(), buffer.address());
    }

    /** To be read into again. */
    Pointer empty() {
        buffer.fill((byte) 0);
        buffer.set(ValueLayout.JAVA_LONG, 0, request.byteSize());
        buffer.set(ValueLayout.JAVA_LONG, MEMORY_AT, request.address());
        return bufferPointer;
    }

    /** Where libfuse reads, and writes, which connection is meant. */
    Pointer channel(final Pointer meant) {
        channel.set(ValueLayout.JAVA_LONG, 0, meant.address());
        return channelPointer;
    }

    /** With what was read. */
    Pointer full() {
        return bufferPointer;
    }

    MemorySegment bytes() {
        return request;
    }
}
