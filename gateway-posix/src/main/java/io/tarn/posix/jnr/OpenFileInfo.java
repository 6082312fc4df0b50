package io.tarn.posix.jnr;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jnr.ffi.Pointer;

/** struct fuse_file_info of libfuse 2.9 on 64 bits. That of jnr-fuse takes its bits for bytes, so it is laid out here. */
final class OpenFileInfo {
    private static final long BYTES = 40;
    private static final long BITS_AT = 20;
    private static final long HANDLE_AT = 24;
    private static final long LOCK_OWNER_AT = 32;

    private static final int DIRECT_IO = 1;
    private static final int FLOCK_RELEASE = 1 << 4;

    private final MemorySegment memory;

    OpenFileInfo(final Pointer pointer) {
        memory = NativeBytes.memory(pointer, BYTES);
    }

    /** Of open(2). */
    int flags() {
        return memory.get(ValueLayout.JAVA_INT, 0);
    }

    long handle() {
        return memory.get(ValueLayout.JAVA_LONG, HANDLE_AT);
    }

    long lockOwner() {
        return memory.get(ValueLayout.JAVA_LONG, LOCK_OWNER_AT);
    }

    /** At the last close: whether a flock of the owner's falls with it. */
    boolean releasesFlock() {
        return (memory.get(ValueLayout.JAVA_INT, BITS_AT) & FLOCK_RELEASE) != 0;
    }

    /**
     * The kernel's pages are never kept from one open to the next: it has an inode for each name and each name's life, not for each file, so that nobody
     * knows what its pages show.
     */
    void opened(final long handle, final boolean directIo) {
        memory.set(ValueLayout.JAVA_LONG, HANDLE_AT, handle);
        if (directIo) {
            memory.set(ValueLayout.JAVA_INT, BITS_AT, memory.get(ValueLayout.JAVA_INT, BITS_AT) | DIRECT_IO);
        }
    }
}
