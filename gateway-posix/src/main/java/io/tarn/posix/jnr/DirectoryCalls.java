package io.tarn.posix.jnr;

import io.tarn.posix.fs.Attributes;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import jnr.ffi.Pointer;

/**
 * Streams of directories. Each entry goes with its own offset, so that libfuse keeps no copy of a directory, and a stream goes on from where it was however
 * the directory has changed.
 */
final class DirectoryCalls {
    /** {@code fuse_fill_dir_t}: whether there is no room for the entry. */
    private static final MethodHandle FILL = filler();

    private static final int NAME_BYTES_MAX = 256;
    private static final int STAT_BYTES = 256;

    private final Calls calls;
    private final FileSystem fileSystem;

    DirectoryCalls(final Calls calls) {
        this.calls = calls;
        fileSystem = calls.fileSystem;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle filler() {
        return Linker.nativeLinker()
                .downcallHandle(FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG));
    }

    int open(final Pointer path, final Pointer info) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            final long inode = calls.inode(caller, path);
            final long handle = fileSystem.openDirectory(caller, inode).handle();
            new OpenFileInfo(info).opened(calls.handles.add(inode, handle), false);
            return 0;
        });
    }

    int read(final Pointer path, final Pointer buffer, final Pointer filler, final long offset, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            try (var arena = Arena.ofConfined()) {
                final MemorySegment name = arena.allocate(NAME_BYTES_MAX);
                final MemorySegment stat = arena.allocate(STAT_BYTES, Long.BYTES);
                final Pointer statPointer = Pointer.wrap(jnr.ffi.Runtime.getSystemRuntime(), stat.address());
                fileSystem.readDirectory(
                        request.caller(), open.inode(), open.handle(), offset, (entryName, entry, next) -> {
                            final byte[] bytes = entryName.toByteArray();
                            MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, 0, bytes.length);
                            name.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
                            final Attributes attributes = entry.attributes();
                            request.answer(statPointer, attributes);
                            return fill(filler, buffer, name, stat, next);
                        });
            }
            return 0;
        });
    }

    private static boolean fill(
            final Pointer filler,
            final Pointer buffer,
            final MemorySegment name,
            final MemorySegment stat,
            final long next) {
        try {
            return (int) FILL.invokeExact(
                            MemorySegment.ofAddress(filler.address()),
                            buffer.address(),
                            name.address(),
                            stat.address(),
                            next)
                    == 0;
        } catch (final Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    int release(final Pointer path, final Pointer info) {
        return calls.carryOut(request -> {
            final Optional<OpenHandles.Open> open = calls.handles.remove(new OpenFileInfo(info).handle());
            open.ifPresent(removed -> fileSystem.releaseDirectory(removed.inode(), removed.handle()));
            return 0;
        });
    }

    int sync(final Pointer path, final int dataOnly, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            fileSystem.syncDirectory(open.inode(), open.handle());
            return 0;
        });
    }
}
