package io.tarn.client;

import java.util.List;

/**
 * A user of a tenant.
 *
 * @param tenant name of the tenant
 * @param name unique within the tenant
 * @param uid POSIX user id, unique within the tenant
 * @param gid POSIX primary group id
 * @param groups supplementary group ids
 * @param createdNanos nanoseconds since the epoch
 */
public record User(String tenant, String name, int uid, int gid, List<Integer> groups, long createdNanos) {
    public User {
        groups = List.copyOf(groups);
    }

    public String qualifiedName() {
        return tenant + "/" + name;
    }
}
