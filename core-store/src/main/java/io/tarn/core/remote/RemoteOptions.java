package io.tarn.core.remote;

import java.time.Duration;

/**
 * How a client behaves.
 *
 * @param patience how long a call waits for a node that is away; beyond it fails
 * @param attemptTimeout how long one attempt of a call may take
 * @param sessionTtl how long the session outlives the last heartbeat
 * @param callsInFlight calls at a time
 * @param appendBytesInFlight bytes of appends that are not acknowledged
 * @param bufferBytes direct memory for content on its way to the node
 * @param inlineMaxBytes contents up to this size ride in the commit
 * @param localReads whether extents on this machine are read from their files
 */
public record RemoteOptions(
        Duration patience,
        Duration attemptTimeout,
        Duration sessionTtl,
        int callsInFlight,
        int appendBytesInFlight,
        long bufferBytes,
        int inlineMaxBytes,
        boolean localReads) {
    public static final RemoteOptions DEFAULT = new RemoteOptions(
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            512,
            16 << 20,
            32L << 20,
            4 << 10,
            true);

    public RemoteOptions {
        if (callsInFlight < 1 || appendBytesInFlight < 1 || bufferBytes < 1) {
            throw new IllegalArgumentException("bounds of a client must be positive");
        }
    }

    public RemoteOptions withPatience(final Duration other) {
        return new RemoteOptions(
                other,
                attemptTimeout,
                sessionTtl,
                callsInFlight,
                appendBytesInFlight,
                bufferBytes,
                inlineMaxBytes,
                localReads);
    }

    public RemoteOptions withSessionTtl(final Duration other) {
        return new RemoteOptions(
                patience,
                attemptTimeout,
                other,
                callsInFlight,
                appendBytesInFlight,
                bufferBytes,
                inlineMaxBytes,
                localReads);
    }

    public RemoteOptions withLocalReads(final boolean other) {
        return new RemoteOptions(
                patience,
                attemptTimeout,
                sessionTtl,
                callsInFlight,
                appendBytesInFlight,
                bufferBytes,
                inlineMaxBytes,
                other);
    }
}
