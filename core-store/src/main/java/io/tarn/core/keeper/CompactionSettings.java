package io.tarn.core.keeper;

import java.time.Duration;

/**
 * When extents are compacted.
 *
 * @param livePercent an extent less of which than this is alive is copied together; 0 leaves extents as they are
 * @param smallBytes an extent shorter than this is merged with others of its volume
 * @param bytesPerSecond most bytes copied a second
 * @param every pause between two looks at all extents
 */
public record CompactionSettings(int livePercent, long smallBytes, long bytesPerSecond, Duration every) {
    public CompactionSettings {
        if (livePercent < 0 || livePercent > 90) {
            throw new IllegalArgumentException("compaction below " + livePercent + " % alive would not end");
        }
        if (bytesPerSecond <= 0 || smallBytes < 0) {
            throw new IllegalArgumentException("compaction needs a positive rate");
        }
    }

    public static CompactionSettings defaults() {
        return new CompactionSettings(50, 32L << 20, 32L << 20, Duration.ofMinutes(1));
    }
}
