package io.tarn.posix.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where a call leaves its {@code errno}. One for each thing that makes calls one after another (a worker, a buffer), so that calls
 * allocate nothing; not thread-safe. Lives until it is garbage.
 */
public final class CallState {
    private static final long ERRNO = Binding.errnoOffset();

    private final MemorySegment memory = Arena.ofAuto().allocate(Binding.stateSize(), Long.BYTES);

    MemorySegment segment() {
        return memory;
    }

    /** Of the last call, when it failed. */
    int errno() {
        return memory.get(ValueLayout.JAVA_INT, ERRNO);
    }
}
