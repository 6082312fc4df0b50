package io.tarn.client;

/**
 * A tenant: the border of names, rights and quota.
 *
 * @param name unique in the cluster
 * @param quota over all its volumes
 * @param createdNanos nanoseconds since the epoch
 */
public record Tenant(String name, Quota quota, long createdNanos) {}
