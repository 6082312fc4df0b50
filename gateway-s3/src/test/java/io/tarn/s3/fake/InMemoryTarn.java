package io.tarn.s3.fake;

import io.tarn.client.AccessKey;
import io.tarn.client.Administration;
import io.tarn.client.Credential;
import io.tarn.client.Inodes;
import io.tarn.client.Leases;
import io.tarn.client.Locks;
import io.tarn.client.ObjectStore;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.TarnClient;
import io.tarn.client.Tenant;
import io.tarn.client.Usage;
import io.tarn.client.User;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.client.VolumeChange;
import io.tarn.client.VolumeSettings;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster held in maps under one lock. Keeps the client API's promises on names, versions, conditions and order. */
public final class InMemoryTarn implements TarnClient, Administration {
    private final TreeMap<String, Tenant> tenants = new TreeMap<>();
    private final TreeMap<String, User> users = new TreeMap<>();
    private final TreeMap<String, Credential> credentials = new TreeMap<>();
    private final TreeMap<String, Volume> volumes = new TreeMap<>();
    private final InMemoryObjects objects = new InMemoryObjects(this);
    private long nextId = 1;

    /** A cluster with the users of ceph/s3-tests: t1/main, t1/alt, t2/tenant, and root/root. */
    public static InMemoryTarn withTestUsers() {
        var tarn = new InMemoryTarn();
        for (String tenant : List.of("root", "t1", "t2")) {
            tarn.createTenant(tenant, Quota.NONE);
        }
        tarn.addUser("root", "root", "acceptroot", "acceptsecret1234567");
        tarn.addUser("t1", "main", "MAINKEY0000000000000", "mainsecretmainsecretmainsecret");
        tarn.addUser("t1", "alt", "ALTKEY00000000000000", "altsecretaltsecretaltsecretalt");
        tarn.addUser("t2", "tenant", "TENANTKEY0000000000", "tenantsecrettenantsecrettenant");
        return tarn;
    }

    private void addUser(final String tenant, final String user, final String key, final String secret) {
        createUser(tenant, user, Optional.empty(), Optional.empty(), List.of());
        createKey(tenant, user, Optional.of(key), Optional.of(secret));
    }

    @Override
    public Administration administration() {
        return this;
    }

    @Override
    public Inodes inodes() {
        throw new UnsupportedOperationException("S3 works by keys");
    }

    @Override
    public Locks locks() {
        throw new UnsupportedOperationException("S3 has no locks");
    }

    @Override
    public Leases leases() {
        throw new UnsupportedOperationException("S3 has no leases");
    }

    @Override
    public ObjectStore objects() {
        return objects;
    }

    @Override
    public void close() {}

    static long nowNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    synchronized Volume volumeById(final long id) {
        return volumes.values().stream()
                .filter(volume -> volume.id() == id)
                .findFirst()
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "volume " + id));
    }

    @Override
    public synchronized Tenant createTenant(final String name, final Quota quota) {
        return create(tenants, name, new Tenant(name, quota, nowNanos()));
    }

    @Override
    public synchronized Optional<Tenant> tenant(final String name) {
        return Optional.ofNullable(tenants.get(name));
    }

    @Override
    public synchronized List<Tenant> tenants() {
        return List.copyOf(tenants.values());
    }

    @Override
    public synchronized Tenant setTenantQuota(final String name, final Quota quota) {
        Tenant changed = new Tenant(name, quota, get(tenants, name).createdNanos());
        tenants.put(name, changed);
        return changed;
    }

    @Override
    public synchronized void deleteTenant(final String name) {
        get(tenants, name);
        require(
                users(name).isEmpty() && volumes(Optional.of(name)).isEmpty(),
                Failure.NOT_EMPTY,
                "tenant " + name + " has users or volumes");
        tenants.remove(name);
    }

    @Override
    public synchronized User createUser(
            final String tenant,
            final String name,
            final Optional<Integer> uid,
            final Optional<Integer> gid,
            final List<Integer> groups) {
        get(tenants, tenant);
        int id = uid.orElseGet(() -> 1000 + users.size());
        return create(users, tenant + "/" + name, new User(tenant, name, id, gid.orElse(id), groups, nowNanos()));
    }

    @Override
    public synchronized Optional<User> user(final String tenant, final String name) {
        return Optional.ofNullable(users.get(tenant + "/" + name));
    }

    @Override
    public synchronized List<User> users(final String tenant) {
        return users.values().stream()
                .filter(user -> user.tenant().equals(tenant))
                .toList();
    }

    @Override
    public synchronized User setUserIds(
            final String tenant, final String name, final int uid, final int gid, final List<Integer> groups) {
        User old = get(users, tenant + "/" + name);
        User changed = new User(tenant, name, uid, gid, groups, old.createdNanos());
        users.put(changed.qualifiedName(), changed);
        return changed;
    }

    @Override
    public synchronized void deleteUser(final String tenant, final String name) {
        User user = get(users, tenant + "/" + name);
        require(
                volumes.values().stream().noneMatch(v -> v.qualifiedOwner().equals(user.qualifiedName())),
                Failure.NOT_EMPTY,
                "user owns volumes");
        credentials.values().removeIf(c -> c.principal().qualifiedName().equals(user.qualifiedName()));
        users.remove(user.qualifiedName());
    }

    @Override
    public synchronized Credential createKey(
            final String tenant, final String user, final Optional<String> id, final Optional<String> secret) {
        User owner = get(users, tenant + "/" + user);
        String keyId = id.orElseGet(() -> "KEY" + nextId++);
        var principal = new Principal(tenant, user, owner.uid(), owner.gid(), owner.groups(), tenant.equals("root"));
        return create(
                credentials,
                keyId,
                new Credential(
                        new AccessKey(keyId, tenant, user, true, nowNanos()),
                        secret.orElse("secret" + keyId),
                        principal));
    }

    @Override
    public synchronized List<AccessKey> keys(final String tenant, final String user) {
        return credentials.values().stream()
                .map(Credential::key)
                .filter(key -> key.tenant().equals(tenant) && key.user().equals(user))
                .toList();
    }

    @Override
    public synchronized Optional<AccessKey> key(final String id) {
        return Optional.ofNullable(credentials.get(id)).map(Credential::key);
    }

    @Override
    public synchronized AccessKey setKeyEnabled(final String id, final boolean enabled) {
        Credential old = get(credentials, id);
        AccessKey key = old.key();
        var changed = new AccessKey(id, key.tenant(), key.user(), enabled, key.createdNanos());
        credentials.put(id, new Credential(changed, old.secret(), old.principal()));
        return changed;
    }

    @Override
    public synchronized void deleteKey(final String id) {
        get(credentials, id);
        credentials.remove(id);
    }

    @Override
    public synchronized Optional<Credential> credential(final String accessKeyId) {
        return Optional.ofNullable(credentials.get(accessKeyId))
                .filter(credential -> credential.key().enabled());
    }

    @Override
    public synchronized Volume createVolume(final String name, final Principal owner, final VolumeSettings settings) {
        long id = nextId++;
        var volume = new Volume(
                id,
                name,
                owner.tenant(),
                owner.user(),
                id,
                settings.quota(),
                settings.versioning(),
                nowNanos(),
                settings.attributes());
        return create(volumes, name, volume);
    }

    @Override
    public synchronized Optional<Volume> volume(final String name) {
        return Optional.ofNullable(volumes.get(name));
    }

    @Override
    public synchronized List<Volume> volumes(final Optional<String> tenant) {
        return volumes.values().stream()
                .filter(volume -> tenant.isEmpty() || volume.tenant().equals(tenant.get()))
                .toList();
    }

    @Override
    public synchronized Volume changeVolume(final String name, final VolumeChange change) {
        Volume old = get(volumes, name);
        Versioning versioning = change.versioning().orElse(old.versioning());
        require(
                versioning != Versioning.OFF || old.versioning() == Versioning.OFF,
                Failure.INVALID_ARGUMENT,
                "versioning cannot be turned off again");
        Map<String, String> attributes = new HashMap<>(old.attributes());
        change.attributes()
                .forEach((key, value) ->
                        value.ifPresentOrElse(text -> attributes.put(key, text), () -> attributes.remove(key)));
        var changed = new Volume(
                old.id(),
                name,
                old.tenant(),
                old.owner(),
                old.rootInode(),
                change.quota().orElse(old.quota()),
                versioning,
                old.createdNanos(),
                attributes);
        volumes.put(name, changed);
        return changed;
    }

    @Override
    public synchronized void deleteVolume(final String name) {
        Volume volume = get(volumes, name);
        require(objects.isEmpty(volume.id()), Failure.NOT_EMPTY, "volume " + name + " has entries");
        volumes.remove(name);
    }

    @Override
    public synchronized Usage volumeUsage(final String name) {
        return objects.usage(get(volumes, name).id());
    }

    @Override
    public synchronized Usage tenantUsage(final String name) {
        long bytes = 0;
        long inodes = 0;
        for (Volume volume : volumes(Optional.of(name))) {
            Usage usage = objects.usage(volume.id());
            bytes += usage.bytes();
            inodes += usage.inodes();
        }
        return new Usage(bytes, inodes);
    }

    private static <T> T create(final Map<String, T> map, final String name, final T value) {
        require(map.putIfAbsent(name, value) == null, Failure.ALREADY_EXISTS, name + " exists");
        return value;
    }

    private static <T> T get(final Map<String, T> map, final String name) {
        T value = map.get(name);
        require(value != null, Failure.NOT_FOUND, name);
        return value;
    }

    static void require(final boolean holds, final Failure failure, final String message) {
        if (!holds) {
            throw new StorageException(failure, message);
        }
    }
}
