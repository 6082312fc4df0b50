package io.tarn.posix.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory that lives as long as somebody has its descriptor: what a process has stored there, others find when it has been killed. Zeros at first;
 * resident page by page as it is touched, counted for who touches it. The descriptor stays the caller's, and is not needed for what is mapped.
 *
 * <p>What is mapped stays so while anybody here has the segment: nobody can touch it too late.
 */
@SuppressWarnings("restricted")
public final class SharedMemory {
    private static final int MFD_CLOEXEC = 1;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MADV_REMOVE = 9;

    private static final MethodHandle MEMFD_CREATE = Binding.function(
            "memfd_create", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle FTRUNCATE = Binding.function(
            "ftruncate", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE = Binding.function(
            "madvise",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private final MemorySegment segment;

    private SharedMemory(final MemorySegment segment) {
        this.segment = segment;
    }

    /** Makes memory of so many bytes, not mapped yet. To be handed to others and mapped by each. */
    public static Descriptor create(final String name, final long bytes) throws LinuxException {
        final var state = new CallState();
        try (var arena = Arena.ofConfined()) {
            final int number = (int) MEMFD_CREATE.invokeExact(
                    state.segment(), arena.allocateFrom(name).address(), MFD_CLOEXEC);
            final var made =
                    new Descriptor((int) LinuxException.check("memfd_create", number < 0 ? -state.errno() : number));
            final int result = (int) FTRUNCATE.invokeExact(state.segment(), made.number(), bytes);
            if (result < 0) {
                made.close();
                throw new LinuxException("ftruncate", state.errno());
            }
            return made;
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("memfd_create", thrown);
        }
    }

    /**
     * Maps it.
     *
     * @param bytes as many as it was made of
     */
    public static SharedMemory map(final Descriptor memory, final long bytes) throws LinuxException {
        final MemorySegment mapped = MappedMemory.map(bytes, PROT_READ_WRITE, MAP_SHARED, memory.number());
        return new SharedMemory(mapped.reinterpret(Arena.ofAuto(), MappedMemory::unmap));
    }

    public MemorySegment segment() {
        return segment;
    }

    /** Gives whole pages of a range back to the kernel, for everybody who has them: they are zeros from now on. */
    public void discard(final long from, final long length) {
        final long begin = (from + MappedMemory.PAGE_BYTES - 1) / MappedMemory.PAGE_BYTES * MappedMemory.PAGE_BYTES;
        final long end = (from + length) / MappedMemory.PAGE_BYTES * MappedMemory.PAGE_BYTES;
        if (begin >= end) {
            return;
        }
        final var state = new CallState();
        final int result;
        try {
            result = (int) MADVISE.invokeExact(state.segment(), segment.address() + begin, end - begin, MADV_REMOVE);
        } catch (final Throwable thrown) {
            throw Binding.unexpected("madvise", thrown);
        }
        if (result != 0) {
            throw new IllegalStateException("madvise: " + LinuxException.describe(state.errno()));
        }
    }
}
