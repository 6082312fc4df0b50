package io.tarn.posix.fuse;

/** Times and durations between the kernel's seconds with nanoseconds and one number. */
public final class KernelTime {
    static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LATEST_SECOND = Long.MAX_VALUE / NANOS_PER_SECOND - 1;
    private static final long EARLIEST_SECOND = Long.MIN_VALUE / NANOS_PER_SECOND + 1;

    private KernelTime() {}

    /** Nanoseconds since the epoch; times 292 years from it and farther are the farthest, as a file system of little range has them. */
    public static long nanos(final long seconds, final int nanos) {
        if (seconds > LATEST_SECOND || seconds < EARLIEST_SECOND) {
            return (seconds > 0 ? LATEST_SECOND : EARLIEST_SECOND) * NANOS_PER_SECOND;
        }
        return seconds * NANOS_PER_SECOND + nanos;
    }

    public static long seconds(final long nanos) {
        return Math.floorDiv(nanos, NANOS_PER_SECOND);
    }

    public static int nanosOfSecond(final long nanos) {
        return (int) Math.floorMod(nanos, NANOS_PER_SECOND);
    }

    static long secondsOfMillis(final long millis) {
        return millis / MILLIS_PER_SECOND;
    }

    static int nanosOfMillis(final long millis) {
        return (int) (millis % MILLIS_PER_SECOND * NANOS_PER_MILLI);
    }
}
