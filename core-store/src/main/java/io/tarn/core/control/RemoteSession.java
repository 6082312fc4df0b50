package io.tarn.core.control;

/**
 * The session of a client in another process, as the control group keeps it.
 *
 * @param id never given out twice
 * @param accessKey what its client proved to have
 * @param generation rises when another process takes the session over
 * @param inUse whether it is known that somebody works under this generation
 * @param ttlNanos how long it outlives its last renewal
 */
public record RemoteSession(long id, String accessKey, long generation, boolean inUse, long ttlNanos) {}
