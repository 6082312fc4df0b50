package io.tarn.core.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The Linux system calls that the core needs, through the foreign function API, each repeated while a signal interrupts it.
 * A call costs its system call plus one small native allocation (errno, io vectors).
 */
@SuppressWarnings("restricted")
final class SystemCalls {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;
    /** Entries that one vectored call takes (UIO_MAXIOV). */
    static final int MAX_VECTORS = 1024;

    private static final int SEEK_END = 2;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    private static final int POSIX_FADV_DONTNEED = 4;

    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle PREADV =
            handle("preadv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG));
    private static final MethodHandle PWRITEV =
            handle("pwritev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG));
    private static final MethodHandle FDATASYNC = handle("fdatasync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FSYNC = handle("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FTRUNCATE =
            handle("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle FALLOCATE =
            handle("fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle POSIX_FADVISE =
            handle("posix_fadvise", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle LSEEK =
            handle("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

    private SystemCalls() {}

    static int open(final String path, final int flags, final int mode) {
        return (int) call(
                "open", path, (arena, state) -> (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, mode));
    }

    /** Not repeated after a signal: Linux has released the descriptor by then. */
    static void close(final int descriptor, final String path) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(STATE);
            final int result = (int) CLOSE.invokeExact(state, descriptor);
            final int errno = (int) ERRNO.get(state, 0L);
            if (result < 0 && errno != Errno.EINTR) {
                throw Errno.failure("close", path, errno);
            }
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static long readVector(
            final int descriptor, final MemorySegment vector, final int count, final long offset, final String path) {
        return call(
                "preadv", path, (arena, state) -> (long) PREADV.invokeExact(state, descriptor, vector, count, offset));
    }

    static long writeVector(
            final int descriptor, final MemorySegment vector, final int count, final long offset, final String path) {
        return call("pwritev", path, (arena, state) ->
                (long) PWRITEV.invokeExact(state, descriptor, vector, count, offset));
    }

    static void forceData(final int descriptor, final String path) {
        call("fdatasync", path, (arena, state) -> (int) FDATASYNC.invokeExact(state, descriptor));
    }

    static void forceAll(final int descriptor, final String path) {
        call("fsync", path, (arena, state) -> (int) FSYNC.invokeExact(state, descriptor));
    }

    static void truncate(final int descriptor, final long size, final String path) {
        call("ftruncate", path, (arena, state) -> (int) FTRUNCATE.invokeExact(state, descriptor, size));
    }

    static void punchHole(final int descriptor, final long offset, final long length, final String path) {
        final int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
        call("fallocate", path, (arena, state) -> (int) FALLOCATE.invokeExact(state, descriptor, mode, offset, length));
    }

    /** Advice only: it is no failure when the file system does not take it. */
    static void adviseUnneeded(final int descriptor, final long offset, final long length) {
        try (Arena arena = Arena.ofConfined()) {
            final int unused = (int)
                    POSIX_FADVISE.invokeExact(arena.allocate(STATE), descriptor, offset, length, POSIX_FADV_DONTNEED);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static long size(final int descriptor, final String path) {
        return call("lseek", path, (arena, state) -> (long) LSEEK.invokeExact(state, descriptor, 0L, SEEK_END));
    }

    private static long call(final String name, final String path, final NativeCall call) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(STATE);
            while (true) {
                final long result = call.invoke(arena, state);
                if (result >= 0) {
                    return result;
                }
                final int errno = (int) ERRNO.get(state, 0L);
                if (errno != Errno.EINTR) {
                    throw Errno.failure(name, path, errno);
                }
            }
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static MethodHandle handle(final String name, final FunctionDescriptor type) {
        return handle(name, type, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle handle(
            final String name, final FunctionDescriptor type, final Linker.Option... options) {
        final Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }

    @FunctionalInterface
    private interface NativeCall {
        long invoke(Arena arena, MemorySegment state) throws Throwable;
    }
}
