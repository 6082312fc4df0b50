package io.tarn.core.service;

import java.time.Duration;

/**
 * Bounds of what clients can make a node do at a time.
 *
 * @param sessionsPerTenant sessions of one tenant's users that are connected
 * @param callsPerSession calls of one session that are being carried out
 * @param calls calls that are being carried out
 * @param callBytes bytes of requests that are being carried out
 * @param pinsPerSession readers' pins of one session
 * @param bufferBytes direct memory for content on its way between the network and the disk
 * @param challengeAge how long a nonce is good for
 */
public record ServiceLimits(
        int sessionsPerTenant,
        int callsPerSession,
        int calls,
        long callBytes,
        int pinsPerSession,
        long bufferBytes,
        Duration challengeAge) {
    public static final ServiceLimits DEFAULT =
            new ServiceLimits(1_024, 1_024, 8_192, 256L << 20, 1_024, 32L << 20, Duration.ofSeconds(30));

    public ServiceLimits {
        if (sessionsPerTenant < 1 || callsPerSession < 1 || calls < 1 || callBytes < 1 || pinsPerSession < 1) {
            throw new IllegalArgumentException("bounds of a service must be positive");
        }
    }
}
