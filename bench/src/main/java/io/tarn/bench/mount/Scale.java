package io.tarn.bench.mount;

/**
 * How a speed is told.
 *
 * @param unit such as {@code files/s}, or {@code s} for a time
 * @param operations in the time that is told; 0 where the rate is told
 */
public record Scale(String unit, long operations) {
    /** Operations in a second. */
    public static Scale perSecond(final String what) {
        return new Scale(what + "/s", 0);
    }

    /** Seconds that a number of operations take. */
    public static Scale secondsFor(final long operations) {
        if (operations <= 0) {
            throw new IllegalArgumentException("a time needs a number of operations");
        }
        return new Scale("s", operations);
    }

    /** Whether less is better. */
    public boolean isTime() {
        return operations > 0;
    }

    /** What is told of a number of operations a second. */
    public double value(final double rate) {
        return isTime() ? operations / rate : rate;
    }
}
