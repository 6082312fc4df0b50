package io.tarn.core.keeper;

import java.time.Duration;

/**
 * How a node's background work is set up.
 *
 * @param feedRetention age from which an event of the change feed goes
 * @param feedEventsMax events that a volume keeps at most
 * @param uploadRetention how long the answer of a completed multipart upload is remembered
 * @param compaction copying live blocks together
 * @param scrub checking stored bytes
 */
public record KeeperSettings(
        Duration feedRetention,
        long feedEventsMax,
        Duration uploadRetention,
        CompactionSettings compaction,
        ScrubSettings scrub) {
    public KeeperSettings {
        if (feedRetention.isNegative() || feedEventsMax < 1 || uploadRetention.isNegative()) {
            throw new IllegalArgumentException("retention must be positive");
        }
    }

    public static KeeperSettings defaults() {
        return new KeeperSettings(
                Duration.ofHours(24),
                1_000_000,
                Duration.ofHours(24),
                CompactionSettings.defaults(),
                ScrubSettings.defaults());
    }
}
