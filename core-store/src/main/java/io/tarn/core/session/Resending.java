package io.tarn.core.session;

import java.time.Duration;

/**
 * How often one command is sent before its caller is told that nothing is known of it. It keeps its number, so that the shard carries it
 * out once.
 *
 * @param attemptsMin times that it is sent whatever the time
 * @param patience how long it is sent again beyond that
 * @param alsoUnavailable whether a shard that takes no commands is waited for too
 * @param goesOn whether a command that finds its session over is sent again under the client's next one; else it fails with
 *     {@code STALE_SESSION}, and only those after it go on
 */
public record Resending(int attemptsMin, Duration patience, boolean alsoUnavailable, boolean goesOn) {
    private static final int EMBEDDED_ATTEMPTS = 3;

    /** For a shard in the same process, which gives every proposal an outcome in time. */
    public static final Resending EMBEDDED = new Resending(EMBEDDED_ATTEMPTS, Duration.ZERO, false, true);

    /** For a shard in another process, which may be restarted or out of reach for a while. */
    public static Resending remote(final Duration patience) {
        return new Resending(1, patience, true, false);
    }
}
