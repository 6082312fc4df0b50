package io.tarn.client;

import java.util.List;
import java.util.Objects;

/**
 * On whose behalf a call is made: access keys, HDFS user names and mount tokens all resolve to one of these.
 *
 * @param tenant name of the tenant
 * @param user name of the user within it
 * @param uid POSIX user id
 * @param gid POSIX primary group id
 * @param groups POSIX supplementary group ids
 * @param root whether this is a user of the root tenant, who may administer everything
 */
public record Principal(String tenant, String user, int uid, int gid, List<Integer> groups, boolean root) {
    public Principal {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(user);
        groups = List.copyOf(groups);
    }

    /** {@code tenant/user}, unique in the cluster. */
    public String qualifiedName() {
        return tenant + "/" + user;
    }
}
