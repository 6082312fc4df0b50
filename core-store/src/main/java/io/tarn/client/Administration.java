package io.tarn.client;

import java.util.List;
import java.util.Optional;

/**
 * Tenants, users, access keys and volumes, kept by the control group. Who may call what is decided by the callers
 * (admin API, S3 gateway) from the {@link Principal}.
 *
 * <p>Names: tenants and users match {@code [a-z0-9][a-z0-9._-]{0,62}}; volumes follow the S3 bucket rules. Creating what exists fails with
 * {@link io.tarn.core.Failure#ALREADY_EXISTS}, naming what does not with {@link io.tarn.core.Failure#NOT_FOUND}, deleting what is
 * in use with {@link io.tarn.core.Failure#NOT_EMPTY}.
 */
public interface Administration {
    Tenant createTenant(String name, Quota quota);

    Optional<Tenant> tenant(String name);

    List<Tenant> tenants();

    Tenant setTenantQuota(String name, Quota quota);

    /** Fails with {@code NOT_EMPTY} while the tenant has users or volumes. */
    void deleteTenant(String name);

    /** Creates a user; without ids the next free uid is taken, and gid is the uid. */
    User createUser(String tenant, String name, Optional<Integer> uid, Optional<Integer> gid, List<Integer> groups);

    Optional<User> user(String tenant, String name);

    /** Users of one tenant in name order. */
    List<User> users(String tenant);

    User setUserIds(String tenant, String name, int uid, int gid, List<Integer> groups);

    /** Deletes a user and its access keys. Fails with {@code NOT_EMPTY} while it owns volumes. */
    void deleteUser(String tenant, String name);

    /** Creates an access key; without id or secret, strong random ones are made. The secret is shown only here. */
    Credential createKey(String tenant, String user, Optional<String> id, Optional<String> secret);

    /** Keys of one user in id order. */
    List<AccessKey> keys(String tenant, String user);

    Optional<AccessKey> key(String id);

    AccessKey setKeyEnabled(String id, boolean enabled);

    void deleteKey(String id);

    /** For checking a signature: served from memory, microseconds. Empty for unknown or disabled keys. */
    Optional<Credential> credential(String accessKeyId);

    /** Creates a volume and its root directory. {@code ALREADY_EXISTS} whoever owns the existing one. */
    Volume createVolume(String name, Principal owner, VolumeSettings settings);

    /** Served from memory, microseconds; linearizable. */
    Optional<Volume> volume(String name);

    /** All volumes of a tenant in name order; of every tenant when empty. */
    List<Volume> volumes(Optional<String> tenant);

    /** Changes what {@code change} sets, leaves the rest. */
    Volume changeVolume(String name, VolumeChange change);

    /** Fails with {@code NOT_EMPTY} while any entry, version or unfinished upload is in it. */
    void deleteVolume(String name);

    Usage volumeUsage(String name);

    Usage tenantUsage(String name);
}
