package io.tarn.bench.process;

/**
 * CPU time used so far.
 *
 * @param userSeconds in programs
 * @param systemSeconds in the kernel on their behalf
 */
public record CpuTime(double userSeconds, double systemSeconds) {
    /** None. */
    public static final CpuTime NONE = new CpuTime(0, 0);

    /** Both kinds together. */
    public double seconds() {
        return userSeconds + systemSeconds;
    }

    /** What this and another used together. */
    public CpuTime plus(final CpuTime other) {
        return new CpuTime(userSeconds + other.userSeconds, systemSeconds + other.systemSeconds);
    }

    /** What was used since an earlier moment; none where processes ended that had used more. */
    public CpuTime since(final CpuTime earlier) {
        return new CpuTime(
                Math.max(0, userSeconds - earlier.userSeconds), Math.max(0, systemSeconds - earlier.systemSeconds));
    }
}
