package io.tarn.posix.linux;

import java.lang.foreign.Arena;
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
    static final long PAGE_BYTES = 4096;

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

    private static final MethodHandle MLOCK = Binding.function(
            "mlock", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle MINCORE = Binding.function(
            "mincore",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private final MemorySegment segment;

    /** @throws OutOfMemoryError when there is none */
    public MappedMemory(final long bytes) {
        segment = map(bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1);
    }

    /** @throws OutOfMemoryError when there is no room for it */
    static MemorySegment map(final long bytes, final int protection, final int flags, final int descriptor) {
        final var state = new CallState();
        final long address;
        try {
            address = (long) MMAP.invokeExact(state.segment(), 0L, bytes, protection, flags, descriptor, 0L);
        } catch (final Throwable thrown) {
            throw Binding.unexpected("mmap", thrown);
        }
        if (address == -1) {
            throw new OutOfMemoryError("mmap of " + bytes + " bytes: " + LinuxException.describe(state.errno()));
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /**
     * Makes the first {@code bytes} resident, and keeps them so where the process may lock as much (RLIMIT_MEMLOCK). For memory that the kernel writes to
     * after it has taken something that it cannot give back.
     *
     * @return whether they are locked; else they are resident now and may be swapped out
     */
    public boolean keepResident(final long bytes) {
        for (long at = 0; at < bytes; at += PAGE_BYTES) {
            // A read would be served by the page of zeros that all share.
            segment.set(ValueLayout.JAVA_BYTE, at, segment.get(ValueLayout.JAVA_BYTE, at));
        }
        final var state = new CallState();
        try {
            return (int) MLOCK.invokeExact(state.segment(), segment.address(), bytes) == 0;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("mlock", thrown);
        }
    }

    /** How many of the first {@code bytes} are resident, by whole pages (mincore(2)). */
    long residentBytes(final long bytes) {
        final var state = new CallState();
        final int pages = Math.toIntExact((bytes + PAGE_BYTES - 1) / PAGE_BYTES);
        try (var arena = Arena.ofConfined()) {
            final MemorySegment vector = arena.allocate(pages);
            final int result = (int) MINCORE.invokeExact(state.segment(), segment.address(), bytes, vector.address());
            if (result != 0) {
                throw new IllegalStateException("mincore: " + LinuxException.describe(state.errno()));
            }
            long resident = 0;
            for (int page = 0; page < pages; page++) {
                resident += vector.get(ValueLayout.JAVA_BYTE, page) & 1;
            }
            return resident * PAGE_BYTES;
        } catch (final IllegalStateException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("mincore", thrown);
        }
    }

    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        unmap(segment);
    }

    static void unmap(final MemorySegment segment) {
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
