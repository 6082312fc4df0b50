package io.tarn.bench.load;

import java.time.Duration;

/**
 * Ends a run at whichever comes first.
 *
 * @param operations most operations
 * @param duration no operation begins later than this after the start
 */
record Limits(long operations, Duration duration) {
    /** What may pass after {@link #duration} until the last answer; then connections are cut and the run fails. */
    static final Duration GRACE = Duration.ofSeconds(60);
}
