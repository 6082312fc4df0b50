package io.tarn.posix.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What every request begins with (struct fuse_in_header).
 *
 * @param length of the whole request
 * @param opcode what is asked
 * @param unique number the answer must bear, bit for bit
 * @param inode it is about
 * @param uid of the caller's file system user
 * @param gid of the caller's file system group
 * @param pid of the calling thread; 0 where it has none here
 * @param extensionBytes behind the arguments
 */
record RequestHeader(int length, int opcode, long unique, long inode, int uid, int gid, int pid, int extensionBytes) {
    static final int BYTES = 40;

    /** Marks the unique of a request that was handed out before, perhaps to a predecessor (FUSE_UNIQUE_RESEND). */
    static final long RESENT = 1L << 63;

    /** Reads the header of a request of which {@code received} bytes were read. */
    static RequestHeader read(final MemorySegment memory, final long at, final long received)
            throws MalformedRequestException {
        if (received < BYTES) {
            throw new MalformedRequestException("a request of " + received + " bytes");
        }
        final int length = memory.get(ValueLayout.JAVA_INT_UNALIGNED, at);
        final int extension = Short.toUnsignedInt(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 36)) * Long.BYTES;
        if (length != received || length - extension < BYTES) {
            throw new MalformedRequestException(
                    "a request of " + received + " bytes that says " + length + ", extensions " + extension);
        }
        return new RequestHeader(
                length,
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4),
                memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8),
                memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 16),
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + 24),
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + 28),
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + 32),
                extension);
    }

    /** Bytes of arguments, between the header and the extensions. */
    int argumentBytes() {
        return length - BYTES - extensionBytes;
    }

    /** The kernel's number for the request, the same each time it is handed out. */
    long request() {
        return unique & ~RESENT;
    }

    boolean isResent() {
        return (unique & RESENT) != 0;
    }
}
