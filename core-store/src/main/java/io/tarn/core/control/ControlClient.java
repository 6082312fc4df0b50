package io.tarn.core.control;

import com.google.protobuf.ByteString;
import com.google.protobuf.Parser;
import io.tarn.client.AccessKey;
import io.tarn.client.Administration;
import io.tarn.client.Credential;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Tenant;
import io.tarn.client.Usage;
import io.tarn.client.User;
import io.tarn.client.Volume;
import io.tarn.client.VolumeChange;
import io.tarn.client.VolumeSettings;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.shard.Shard;
import io.tarn.core.wire.ControlCommand;
import io.tarn.core.wire.CreateKey;
import io.tarn.core.wire.CreateTenant;
import io.tarn.core.wire.CreateUser;
import io.tarn.core.wire.DeleteKey;
import io.tarn.core.wire.DeleteTenant;
import io.tarn.core.wire.DeleteUser;
import io.tarn.core.wire.KeyRecord;
import io.tarn.core.wire.SetKeyEnabled;
import io.tarn.core.wire.SetUserIds;
import io.tarn.core.wire.TenantRecord;
import io.tarn.core.wire.UserRecord;
import io.tarn.core.wire.VolumeRecord;
import io.tarn.core.wire.VolumeState;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@link Administration} over the control group and the shards' half of volumes.
 *
 * <p>Cost: {@link #credential} and {@link #volume} check the leader's lease and probe a hash table; other reads scan the store;
 * each mutation is one log entry of the control group (one fsync), making or unmaking a volume two and one of its shard.
 */
public final class ControlClient implements Administration, AutoCloseable {
    /** The tenant whose users administer everything. */
    public static final String ROOT_TENANT = "root";

    /** The user made at the first start. */
    public static final String ROOT_USER = "root";

    private final Shard shard;
    private final ControlView view;
    private final SecretSeal seal;
    private final VolumeRoots roots;
    private final ControlSession session;
    private final VolumeLifecycle lifecycle;
    private final AccessKeys random = new AccessKeys();

    /**
     * @param shard the control group
     * @param view the view its {@link ControlState} updates
     * @param seal the seal of the same view
     * @param roots the shards' half of volumes
     * @param shards numbers of the shards on which new volumes are placed; not empty
     */
    public ControlClient(
            final Shard shard,
            final ControlView view,
            final SecretSeal seal,
            final VolumeRoots roots,
            final List<Integer> shards) {
        this(shard, view, seal, roots, shards, new ControlSession(shard, view, InstantSource.system()));
    }

    /** @param session closed with this client */
    public ControlClient(
            final Shard shard,
            final ControlView view,
            final SecretSeal seal,
            final VolumeRoots roots,
            final List<Integer> shards,
            final ControlSession session) {
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("no shard to place volumes on");
        }
        this.shard = shard;
        this.view = view;
        this.seal = seal;
        this.roots = roots;
        this.session = session;
        this.lifecycle = new VolumeLifecycle(shard, session, roots, shards);
    }

    /**
     * Begins to answer: fills the view, and completes what a crash left between the control group and the shards. To be called
     * once, when this node leads the control group and the shards answer.
     */
    public void start() {
        shard.read(store -> {
            view.loadOnce(store);
            return true;
        });
        lifecycle.resume();
    }

    /**
     * Makes sure that the root tenant and its root user exist and that this key stands for the user. Does nothing when all is so
     * already.
     */
    public void ensureRoot(final String accessKeyId, final String secret) {
        ignoringExisting(() -> createTenant(ROOT_TENANT, Quota.NONE));
        ignoringExisting(() -> createUser(ROOT_TENANT, ROOT_USER, Optional.of(0), Optional.of(0), List.of()));
        final boolean same = credential(accessKeyId)
                .filter(found -> found.secret().equals(secret)
                        && found.principal().qualifiedName().equals(ROOT_TENANT + "/" + ROOT_USER))
                .isPresent();
        if (!same) {
            putKey(ROOT_TENANT, ROOT_USER, accessKeyId, secret, true);
        }
    }

    /** Verifies the records of the control group against each other; what is wrong, in words. */
    public List<String> check() {
        return shard.read(ControlAudit::of);
    }

    private void ignoringExisting(final Runnable creation) {
        try {
            creation.run();
        } catch (final StorageException e) {
            if (e.failure() != Failure.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    @Override
    public Tenant createTenant(final String name, final Quota quota) {
        final var command = CreateTenant.newBuilder().setName(name).setQuota(ControlRecords.quota(quota));
        return ControlRecords.tenant(session.call(ControlCommand.newBuilder().setCreateTenant(command))
                .getTenant());
    }

    @Override
    public Optional<Tenant> tenant(final String name) {
        return one(ControlKeys.tenant(name), TenantRecord.parser()).map(ControlRecords::tenant);
    }

    @Override
    public List<Tenant> tenants() {
        return all(ControlKeys.tenants(), TenantRecord.parser(), ControlRecords::tenant);
    }

    @Override
    public Tenant setTenantQuota(final String name, final Quota quota) {
        return ControlRecords.tenant(lifecycle.setTenantQuota(name, quota));
    }

    @Override
    public void deleteTenant(final String name) {
        session.call(ControlCommand.newBuilder()
                .setDeleteTenant(DeleteTenant.newBuilder().setName(name)));
    }

    @Override
    public User createUser(
            final String tenant,
            final String name,
            final Optional<Integer> uid,
            final Optional<Integer> gid,
            final List<Integer> groups) {
        final var command =
                CreateUser.newBuilder().setTenant(tenant).setName(name).addAllGroups(groups);
        uid.ifPresent(command::setUid);
        gid.ifPresent(command::setGid);
        return ControlRecords.user(
                session.call(ControlCommand.newBuilder().setCreateUser(command)).getUser());
    }

    @Override
    public Optional<User> user(final String tenant, final String name) {
        return one(ControlKeys.user(tenant, name), UserRecord.parser()).map(ControlRecords::user);
    }

    @Override
    public List<User> users(final String tenant) {
        needTenant(tenant);
        return all(ControlKeys.users(tenant), UserRecord.parser(), ControlRecords::user);
    }

    @Override
    public User setUserIds(
            final String tenant, final String name, final int uid, final int gid, final List<Integer> groups) {
        final var command = SetUserIds.newBuilder()
                .setTenant(tenant)
                .setName(name)
                .setUid(uid)
                .setGid(gid)
                .addAllGroups(groups);
        return ControlRecords.user(
                session.call(ControlCommand.newBuilder().setSetUserIds(command)).getUser());
    }

    @Override
    public void deleteUser(final String tenant, final String name) {
        session.call(ControlCommand.newBuilder()
                .setDeleteUser(DeleteUser.newBuilder().setTenant(tenant).setName(name)));
    }

    @Override
    public Credential createKey(
            final String tenant, final String user, final Optional<String> id, final Optional<String> secret) {
        return putKey(tenant, user, id.orElseGet(random::newId), secret.orElseGet(random::newSecret), false);
    }

    private Credential putKey(
            final String tenant, final String user, final String id, final String secret, final boolean replace) {
        ControlNames.checkAccessKeyId(id);
        ControlNames.checkSecret(secret);
        final UserRecord owner = one(ControlKeys.user(tenant, user), UserRecord.parser())
                .orElseThrow(() -> ControlDraft.missing("user " + tenant + "/" + user));
        final var command = CreateKey.newBuilder()
                .setTenant(tenant)
                .setUser(user)
                .setId(id)
                .setSealedSecret(ByteString.copyFrom(seal.seal(id, secret)))
                .setReplace(replace);
        final KeyRecord key =
                session.call(ControlCommand.newBuilder().setCreateKey(command)).getKey();
        return new Credential(ControlRecords.key(key), secret, ControlRecords.principal(owner));
    }

    @Override
    public List<AccessKey> keys(final String tenant, final String user) {
        return shard.read(store -> {
            final byte[] userKey = ControlKeys.user(tenant, user);
            final UserRecord owner = store.get(ControlKeys.FAMILY, userKey)
                    .map(bytes -> ControlDraft.parse(UserRecord.parser(), bytes, userKey))
                    .orElseThrow(() -> ControlDraft.missing("user " + tenant + "/" + user));
            return owner.getKeysList().stream()
                    .sorted()
                    .flatMap(id -> store.get(ControlKeys.FAMILY, ControlKeys.key(id)).stream()
                            .map(bytes -> ControlDraft.parse(KeyRecord.parser(), bytes, ControlKeys.key(id))))
                    .map(ControlRecords::key)
                    .toList();
        });
    }

    @Override
    public Optional<AccessKey> key(final String id) {
        return one(ControlKeys.key(id), KeyRecord.parser()).map(ControlRecords::key);
    }

    @Override
    public AccessKey setKeyEnabled(final String id, final boolean enabled) {
        final var command = SetKeyEnabled.newBuilder().setId(id).setEnabled(enabled);
        return ControlRecords.key(session.call(ControlCommand.newBuilder().setSetKeyEnabled(command))
                .getKey());
    }

    @Override
    public void deleteKey(final String id) {
        session.call(
                ControlCommand.newBuilder().setDeleteKey(DeleteKey.newBuilder().setId(id)));
    }

    @Override
    public Optional<Credential> credential(final String accessKeyId) {
        return shard.read(store -> view.credential(accessKeyId));
    }

    @Override
    public Volume createVolume(final String name, final Principal owner, final VolumeSettings settings) {
        return ControlRecords.volume(lifecycle.create(name, owner, settings));
    }

    @Override
    public Optional<Volume> volume(final String name) {
        return place(name).map(VolumePlace::volume);
    }

    /** The volume and its shard, from memory; linearizable. */
    public Optional<VolumePlace> place(final String name) {
        return shard.read(store -> view.volume(name));
    }

    @Override
    public List<Volume> volumes(final Optional<String> tenant) {
        return all(ControlKeys.volumes(), VolumeRecord.parser(), Function.identity()).stream()
                .filter(volume -> volume.getState() != VolumeState.VOLUME_CREATING)
                .filter(volume -> tenant.isEmpty() || volume.getTenant().equals(tenant.get()))
                .map(ControlRecords::volume)
                .toList();
    }

    @Override
    public Volume changeVolume(final String name, final VolumeChange change) {
        return ControlRecords.volume(lifecycle.change(name, change));
    }

    @Override
    public void deleteVolume(final String name) {
        lifecycle.delete(name);
    }

    @Override
    public Usage volumeUsage(final String name) {
        final VolumePlace place = place(name).orElseThrow(() -> ControlDraft.missing("volume " + name));
        return roots.usage(place.shard(), place.volume().id());
    }

    @Override
    public Usage tenantUsage(final String name) {
        needTenant(name);
        long bytes = 0;
        long inodes = 0;
        for (final Volume volume : volumes(Optional.of(name))) {
            final Usage usage = volumeUsage(volume.name());
            bytes += usage.bytes();
            inodes += usage.inodes();
        }
        return new Usage(bytes, inodes);
    }

    /** Ends the session with the control group. The shard stays open. */
    @Override
    public void close() {
        session.close();
    }

    private void needTenant(final String name) {
        if (tenant(name).isEmpty()) {
            throw ControlDraft.missing("tenant " + name);
        }
    }

    private <T> Optional<T> one(final byte[] key, final Parser<T> parser) {
        return shard.read(
                store -> store.get(ControlKeys.FAMILY, key).map(bytes -> ControlDraft.parse(parser, bytes, key)));
    }

    private <R, T> List<T> all(final byte[] prefix, final Parser<R> parser, final Function<R, T> mapping) {
        return shard.read(store -> {
            final List<T> found = new ArrayList<>();
            ControlView.each(store, prefix, parser, record -> found.add(mapping.apply(record)));
            return found;
        });
    }
}
