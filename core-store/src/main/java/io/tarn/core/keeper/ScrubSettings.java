package io.tarn.core.keeper;

import java.time.Duration;

/**
 * How stored bytes are checked in the background.
 *
 * @param bytesPerSecond most bytes read a second
 * @param interval from the beginning of one round over all live bytes to that of the next; zero for never
 */
public record ScrubSettings(long bytesPerSecond, Duration interval) {
    public ScrubSettings {
        if (bytesPerSecond <= 0 || interval.isNegative()) {
            throw new IllegalArgumentException("scrubbing needs a positive rate");
        }
    }

    public static ScrubSettings defaults() {
        return new ScrubSettings(16L << 20, Duration.ofDays(14));
    }
}
