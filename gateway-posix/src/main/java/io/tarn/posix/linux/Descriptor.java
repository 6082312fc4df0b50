package io.tarn.posix.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor that belongs to whoever holds this. Calls may be made by several threads at once; {@link #close} only when none is under
 * way, for the number may be another file's a moment later.
 *
 * <p>Cost: one system call each, no allocation, no exception on the ways a caller meets every day: results are the kernel's, a count or a
 * negative error number.
 */
public final class Descriptor implements AutoCloseable {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private static final MethodHandle OPEN = Binding.variadic(
            "open", 2, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle FCNTL = Binding.variadic(
            "fcntl",
            2,
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            Binding.function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle READ = transfer("read");
    private static final MethodHandle WRITE = transfer("write");

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    Descriptor(final int number) {
        this.number = number;
    }

    private static MethodHandle transfer(final String name) {
        return Binding.function(
                name,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    }

    /** Opens a file for reading and writing. */
    public static Descriptor open(final String path) throws LinuxException {
        final var state = new CallState();
        try (var arena = Arena.ofConfined()) {
            final int number = (int)
                    OPEN.invokeExact(state.segment(), arena.allocateFrom(path).address(), O_RDWR | O_CLOEXEC);
            return new Descriptor((int) LinuxException.check(path, number < 0 ? -state.errno() : number));
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("open", thrown);
        }
    }

    /** The kernel's number for it, as long as this is open. */
    public int number() {
        return number;
    }

    /** Another descriptor of the same open file, closed on its own. */
    public Descriptor duplicate() throws LinuxException {
        final var state = new CallState();
        try {
            final int copy = (int) FCNTL.invokeExact(state.segment(), number, F_DUPFD_CLOEXEC, 0);
            return new Descriptor((int) LinuxException.check("fcntl", copy < 0 ? -state.errno() : copy));
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("fcntl", thrown);
        }
    }

    /** read(2), which may block for ever: the count, or a negative error number. */
    public long read(final CallState state, final long address, final long length) {
        try {
            final long count = (long) READ.invokeExact(state.segment(), number, address, length);
            return count < 0 ? -state.errno() : count;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("read", thrown);
        }
    }

    /** write(2): the count, or a negative error number. */
    public long write(final CallState state, final long address, final long length) {
        try {
            final long count = (long) WRITE.invokeExact(state.segment(), number, address, length);
            return count < 0 ? -state.errno() : count;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("write", thrown);
        }
    }

    /** Closes it, once; an error of close(2) means nothing for what is not written through a cache. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            final var state = new CallState();
            try {
                final int unused = (int) CLOSE.invokeExact(state.segment(), number);
            } catch (final Throwable thrown) {
                throw Binding.unexpected("close", thrown);
            }
        }
    }

    @Override
    public String toString() {
        return "descriptor " + number;
    }
}
