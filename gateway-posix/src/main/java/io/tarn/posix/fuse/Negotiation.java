package io.tarn.posix.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The first exchange on a mount (INIT): the kernel says what it has, the answer what of that is used. */
final class Negotiation {
    static final int MAJOR = 7;

    /** What this code speaks. */
    static final int MINOR = 45;

    /** Linux 5.4, the oldest it speaks to. */
    static final int LOWEST_MINOR = 31;

    private static final int INIT_OUT_BYTES = 64;

    /** max_pages counts pages of 4 KiB on most machines; where they are larger, max_write and max_read bound what is transferred. */
    private static final int PAGE_BYTES = 4096;

    private static final int NANOSECONDS = 1;

    private Negotiation() {}

    /** What both sides have. */
    static SessionParameters agree(final Operation.Initialize kernel, final SessionOptions options)
            throws MalformedRequestException {
        if (kernel.major() != MAJOR || kernel.minor() < LOWEST_MINOR) {
            throw new MalformedRequestException("the kernel speaks FUSE " + kernel.major() + "." + kernel.minor()
                    + "; 7." + LOWEST_MINOR + " (Linux 5.4) is the oldest that is served");
        }
        final long wanted = InitFlags.ALWAYS | (options.writebackCache() ? InitFlags.WRITEBACK_CACHE : 0);
        return new SessionParameters(
                Math.min(kernel.minor(), MINOR), kernel.flags() & wanted, RequestBuffer.TRANSFER_BYTES);
    }

    /** struct fuse_init_out. */
    static int answer(
            final MemorySegment to,
            final long at,
            final Operation.Initialize kernel,
            final SessionParameters agreed,
            final SessionOptions options) {
        to.asSlice(at, INIT_OUT_BYTES).fill((byte) 0);
        Answers.int32(to, at, MAJOR);
        Answers.int32(to, at + 4, agreed.minor());
        Answers.int32(to, at + 8, kernel.maxReadahead());
        Answers.int32(to, at + 12, (int) agreed.flags());
        to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16, (short) options.background());
        to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 18, (short) (options.background() * 3 / 4));
        Answers.int32(to, at + 20, agreed.transferBytes());
        Answers.int32(to, at + 24, NANOSECONDS);
        to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 28, (short) (agreed.transferBytes() / PAGE_BYTES));
        Answers.int32(to, at + 32, (int) (agreed.flags() >>> Integer.SIZE));
        return INIT_OUT_BYTES;
    }
}
