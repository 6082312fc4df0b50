package io.tarn.client;

/**
 * An access key without its secret.
 *
 * @param id what requests name
 * @param tenant tenant of the user it stands for
 * @param user the user it stands for
 * @param enabled whether requests signed with it are accepted
 * @param createdNanos nanoseconds since the epoch
 */
public record AccessKey(String id, String tenant, String user, boolean enabled, long createdNanos) {}
