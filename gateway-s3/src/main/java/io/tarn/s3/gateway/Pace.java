package io.tarn.s3.gateway;

import java.time.Duration;

/**
 * The slowest a client may be: in every window of time that is spent waiting for it, so many bytes have to move. A silence as long as
 * the window is too slow whatever came before it, so nothing sent early buys time later.
 *
 * @param window length of the window, the stall timeout
 * @param windowBytes fewest bytes in a window
 */
record Pace(Duration window, long windowBytes) {
    static Pace of(final S3Settings.Limits limits) {
        final double seconds = limits.stallTimeout().toNanos() / 1e9;
        return new Pace(limits.stallTimeout(), Math.round(limits.minBytesPerSecond() * seconds));
    }
}
