package io.tarn.posix.linux;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A system call failed. */
public final class LinuxException extends IOException {
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EPERM = 1;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOTCONN = 107;
    public static final int ECONNREFUSED = 111;

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_MESSAGE_BYTES = 256;
    private static final MethodHandle STRERROR =
            Binding.plain("strerror", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private final int errno;

    /**
     * @param what failed, as a person would say it
     * @param errno number of the error, positive
     */
    public LinuxException(final String what, final int errno) {
        super(what + ": " + describe(errno));
        this.errno = errno;
    }

    /** Number of the error, positive. */
    public int errno() {
        return errno;
    }

    /** The C library's words for an error. */
    @SuppressWarnings("restricted")
    public static String describe(final int errno) {
        try {
            final long text = (long) STRERROR.invokeExact(errno);
            return MemorySegment.ofAddress(text)
                    .reinterpret(LONGEST_MESSAGE_BYTES)
                    .getString(0);
        } catch (final Throwable thrown) {
            throw Binding.unexpected("strerror", thrown);
        }
    }

    /** Passes a result on; throws what a negative one says. */
    static long check(final String what, final long result) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(what, Math.toIntExact(-result));
        }
        return result;
    }
}
