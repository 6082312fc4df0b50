package io.tarn.bench.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * System calls on files. NIO would not do: it asks for a file's type and size around an open, and a benchmark of opens would then measure those.
 *
 * <p>Cost: the system call and some ten nanoseconds; nothing is allocated. Not thread-safe: one for each thread, for it holds that thread's
 * {@code errno} and the buffer of {@link #stat}.
 */
public final class Calls {
    /** Of open(2), on every architecture that Java runs Linux on. */
    public static final int READ_ONLY = 0;

    public static final int WRITE_ONLY = 1;
    public static final int CREATE = 0x40;
    public static final int EXCLUSIVE = 0x80;

    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int MODE = 0644;
    private static final int AT_FDCWD = -100;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final long STATX_BYTES = 256;
    private static final int LONGEST_MESSAGE_BYTES = 256;

    private static final MethodHandle OPEN = Bound.variadic(
            "open",
            2,
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE = ofDescriptor("close");
    private static final MethodHandle FSYNC = ofDescriptor("fsync");
    private static final MethodHandle SYNCFS = ofDescriptor("syncfs");
    private static final MethodHandle READ = transfer("read");
    private static final MethodHandle WRITE = transfer("write");
    private static final MethodHandle UNLINK =
            Bound.call("unlink", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle STATX = Bound.call(
            "statx",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle STRERROR = Bound.plain(
            Bound.cLibrary(), "strerror", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final long ERRNO = Bound.errnoOffset();

    private final MemorySegment state = Arena.ofAuto().allocate(Bound.stateSize(), Long.BYTES);
    private final MemorySegment attributes = Arena.ofAuto().allocate(STATX_BYTES, Long.BYTES);

    private static MethodHandle ofDescriptor(final String name) {
        return Bound.call(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    private static MethodHandle transfer(final String name) {
        return Bound.call(
                name,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    }

    /**
     * open(2), closed on exec; what it makes has mode 0644.
     *
     * @return the descriptor
     */
    public int open(final long path, final int flags) throws IOException {
        try {
            return checked("open", (int) OPEN.invokeExact(state, path, flags | CLOSE_ON_EXEC, MODE));
        } catch (final IOException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Bound.unexpected("open", thrown);
        }
    }

    /** close(2), where errors of writing may show. */
    public void close(final int descriptor) throws IOException {
        perform("close", CLOSE, descriptor);
    }

    /** fsync(2). */
    public void fsync(final int descriptor) throws IOException {
        perform("fsync", FSYNC, descriptor);
    }

    /** syncfs(2) of the file system that holds a directory. */
    public void syncFileSystem(final Path directory) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final int descriptor = open(arena.allocateFrom(directory.toString()).address(), READ_ONLY);
            try {
                perform("syncfs", SYNCFS, descriptor);
            } finally {
                close(descriptor);
            }
        }
    }

    /** read(2): the count, 0 at the end. */
    public long read(final int descriptor, final long address, final long bytes) throws IOException {
        return transfer("read", READ, descriptor, address, bytes);
    }

    /** write(2): the count. */
    public long write(final int descriptor, final long address, final long bytes) throws IOException {
        return transfer("write", WRITE, descriptor, address, bytes);
    }

    /** unlink(2). */
    public void unlink(final long path) throws IOException {
        try {
            checked("unlink", (int) UNLINK.invokeExact(state, path));
        } catch (final IOException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Bound.unexpected("unlink", thrown);
        }
    }

    /** What stat(2) asks, through statx(2); what comes back is not looked at. */
    public void stat(final long path) throws IOException {
        try {
            checked("statx", (int)
                    STATX.invokeExact(state, AT_FDCWD, path, 0, STATX_BASIC_STATS, attributes.address()));
        } catch (final IOException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Bound.unexpected("statx", thrown);
        }
    }

    private void perform(final String name, final MethodHandle call, final int descriptor) throws IOException {
        try {
            checked(name, (int) call.invokeExact(state, descriptor));
        } catch (final IOException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Bound.unexpected(name, thrown);
        }
    }

    private long transfer(
            final String name, final MethodHandle call, final int descriptor, final long address, final long bytes)
            throws IOException {
        try {
            final long count = (long) call.invokeExact(state, descriptor, address, bytes);
            if (count < 0) {
                throw failure(name);
            }
            return count;
        } catch (final IOException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Bound.unexpected(name, thrown);
        }
    }

    private int checked(final String name, final int result) throws IOException {
        if (result < 0) {
            throw failure(name);
        }
        return result;
    }

    @SuppressWarnings("restricted")
    private IOException failure(final String name) {
        try {
            final long text = (long) STRERROR.invokeExact(state.get(ValueLayout.JAVA_INT, ERRNO));
            return new IOException(name + ": "
                    + MemorySegment.ofAddress(text)
                            .reinterpret(LONGEST_MESSAGE_BYTES)
                            .getString(0));
        } catch (final Throwable thrown) {
            throw Bound.unexpected("strerror", thrown);
        }
    }
}
