package io.tarn.posix.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Page-aligned memory outside the heap that becomes resident page by page as it is touched (a direct buffer is zeroed, so resident at
 * once), and goes back to the kernel with {@link #close}. After that its segment must not be used.
 */
@SuppressWarnings("restricted")
public final class MappedMemory implements AutoCloseable {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final MethodHandle MMAP = Binding.function(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = Binding.function(
            "munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private final MemorySegment segment;

    /** @throws OutOfMemoryError when there is none */
    public MappedMemory(final long bytes) {
        final var state = new CallState();
        final long address;
        try {
            address =
                    (long) MMAP.invokeExact(state.segment(), 0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
        } catch (final Throwable thrown) {
            throw Binding.unexpected("mmap", thrown);
        }
        if (address == -1) {
            throw new OutOfMemoryError("mmap of " + bytes + " bytes: " + LinuxException.describe(state.errno()));
        }
        segment = MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        final var state = new CallState();
        final int result;
        try {
            result = (int) MUNMAP.invokeExact(state.segment(), segment.address(), segment.byteSize());
        } catch (final Throwable thrown) {
            throw Binding.unexpected("munmap", thrown);
        }
        if (result != 0) {
            throw new IllegalStateException("munmap: " + LinuxException.describe(state.errno()));
        }
    }
}
