package io.tarn.core.remote;

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
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.VolumeCodec;
import io.tarn.core.protocol.wire.AskAnswer;
import io.tarn.core.protocol.wire.AskRequest;
import io.tarn.core.protocol.wire.VolumeNamed;
import java.util.List;
import java.util.Optional;

/** What a client in another process may ask of the administration: volumes of its tenant by name. All else is {@code UNSUPPORTED}. */
final class RemoteAdministration implements Administration {
    private final Link link;

    RemoteAdministration(final Link link) {
        this.link = link;
    }

    @Override
    public Optional<Volume> volume(final String name) {
        final AskAnswer answer = link.call(
                Methods.ASK,
                AskRequest.newBuilder()
                        .setVolumeNamed(VolumeNamed.newBuilder().setName(name))
                        .build());
        return answer.hasVolume() ? Optional.of(VolumeCodec.decode(answer.getVolume())) : Optional.empty();
    }

    private static StorageException unsupported() {
        return new StorageException(
                Failure.UNSUPPORTED, "administration is done at the node's administration endpoint, not here");
    }

    @Override
    public Tenant createTenant(final String name, final Quota quota) {
        throw unsupported();
    }

    @Override
    public Optional<Tenant> tenant(final String name) {
        throw unsupported();
    }

    @Override
    public List<Tenant> tenants() {
        throw unsupported();
    }

    @Override
    public Tenant setTenantQuota(final String name, final Quota quota) {
        throw unsupported();
    }

    @Override
    public void deleteTenant(final String name) {
        throw unsupported();
    }

    @Override
    public User createUser(
            final String tenant,
            final String name,
            final Optional<Integer> uid,
            final Optional<Integer> gid,
            final List<Integer> groups) {
        throw unsupported();
    }

    @Override
    public Optional<User> user(final String tenant, final String name) {
        throw unsupported();
    }

    @Override
    public List<User> users(final String tenant) {
        throw unsupported();
    }

    @Override
    public User setUserIds(
            final String tenant, final String name, final int uid, final int gid, final List<Integer> groups) {
        throw unsupported();
    }

    @Override
    public void deleteUser(final String tenant, final String name) {
        throw unsupported();
    }

    @Override
    public Credential createKey(
            final String tenant, final String user, final Optional<String> id, final Optional<String> secret) {
        throw unsupported();
    }

    @Override
    public List<AccessKey> keys(final String tenant, final String user) {
        throw unsupported();
    }

    @Override
    public Optional<AccessKey> key(final String id) {
        throw unsupported();
    }

    @Override
    public AccessKey setKeyEnabled(final String id, final boolean enabled) {
        throw unsupported();
    }

    @Override
    public void deleteKey(final String id) {
        throw unsupported();
    }

    @Override
    public Optional<Credential> credential(final String accessKeyId) {
        throw unsupported();
    }

    @Override
    public Volume createVolume(final String name, final Principal owner, final VolumeSettings settings) {
        throw unsupported();
    }

    @Override
    public List<Volume> volumes(final Optional<String> tenant) {
        throw unsupported();
    }

    @Override
    public Volume changeVolume(final String name, final VolumeChange change) {
        throw unsupported();
    }

    @Override
    public void deleteVolume(final String name) {
        throw unsupported();
    }

    @Override
    public Usage volumeUsage(final String name) {
        throw unsupported();
    }

    @Override
    public Usage tenantUsage(final String name) {
        throw unsupported();
    }
}
