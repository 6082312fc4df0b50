package io.tarn.posix.jnr;

import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fuse.MountException;
import java.nio.file.Path;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** A session of libfuse's, from {@code fuse_setup} to {@code fuse_teardown}. Thread-safe. */
final class FuseHandle {
    private static final int POINTER_BYTES = 8;

    private final LibFuse2 library;
    /** libfuse calls what stands in there. */
    private final OperationTable table;

    private final Pointer fuse;
    private final Pointer session;
    private final Pointer channel;
    private final Pointer mountPoint;

    /** Mounts; programs on the mount wait from then on until it is served. */
    FuseHandle(final FileSystem fileSystem, final Path directory, final String[] arguments) throws MountException {
        library = LibFuse2.load();
        table = new OperationTable(new Calls(fileSystem), library);
        final Pointer answers = Memory.allocateDirect(Runtime.getSystemRuntime(), 2 * POINTER_BYTES, true);
        fuse = library.setup(
                arguments.length,
                arguments,
                table.memory(),
                table.bytes(),
                answers,
                answers.slice(POINTER_BYTES),
                Pointer.wrap(Runtime.getSystemRuntime(), 0));
        if (fuse == null) {
            throw new MountException(
                    directory + " could not be mounted: libfuse has written the cause to standard error");
        }
        mountPoint = answers.getPointer(0);
        session = library.getSession(fuse);
        channel = library.sessionNextChan(session, Pointer.wrap(Runtime.getSystemRuntime(), 0));
    }

    /** What the calling thread, which is going to serve, works on. */
    Request request() {
        return new Request(library);
    }

    long requestBytes() {
        return library.chanBufsize(channel);
    }

    /** The length of what was read, 0 at the end, or a negative error number. */
    int receive(final RequestMemory memory) {
        return library.sessionReceiveBuf(session, memory.empty(), memory.channel(channel));
    }

    void process(final RequestMemory memory) {
        library.sessionProcessBuf(session, memory.full(), channel);
    }

    /** Nothing is to be read any more. */
    void exit() {
        library.sessionExit(session);
    }

    /** When nobody serves any more: closes the connection, and unmounts lazily where that was not done. */
    void tearDown() {
        library.teardown(fuse, mountPoint);
    }
}
