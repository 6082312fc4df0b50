package io.tarn.posix.jnr;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The little that is read of a request before libfuse has it: what libfuse does not tell those whom it calls back, and what no path can say. The layout of
 * struct fuse_in_header has been the same in all versions of the protocol.
 *
 * @param opcode what is asked for
 * @param unique number of the request
 */
record RequestHead(int opcode, long unique) {
    static final int LOOKUP = 1;
    static final int GETATTR = 3;
    static final int UNLINK = 10;
    static final int RENAME = 12;
    static final int FLUSH = 25;
    static final int RELEASE = 18;
    static final int INTERRUPT = 36;

    static final int BYTES = 40;

    static RequestHead of(final MemorySegment request) {
        return new RequestHead(request.get(ValueLayout.JAVA_INT, 4), request.get(ValueLayout.JAVA_LONG, 8));
    }

    /** The request that an {@code INTERRUPT} is about (struct fuse_interrupt_in). */
    static long interrupted(final MemorySegment request) {
        return request.get(ValueLayout.JAVA_LONG, BYTES);
    }
}
