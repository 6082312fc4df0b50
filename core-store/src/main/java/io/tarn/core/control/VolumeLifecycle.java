package io.tarn.core.control;

import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.VolumeChange;
import io.tarn.client.VolumeSettings;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.shard.Shard;
import io.tarn.core.wire.ActivateVolume;
import io.tarn.core.wire.AttributeChange;
import io.tarn.core.wire.BeginDeleteVolume;
import io.tarn.core.wire.CancelDeleteVolume;
import io.tarn.core.wire.ChangeVolume;
import io.tarn.core.wire.ControlCommand;
import io.tarn.core.wire.CreateVolume;
import io.tarn.core.wire.FinishDeleteVolume;
import io.tarn.core.wire.PolicyApplied;
import io.tarn.core.wire.SetTenantQuota;
import io.tarn.core.wire.TenantQuotaApplied;
import io.tarn.core.wire.TenantRecord;
import io.tarn.core.wire.VolumeRecord;
import io.tarn.core.wire.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that touch both the control group and a shard: making and unmaking volumes, and bringing policies to the shards.
 * Each step is idempotent and recorded first, so {@link #resume} completes what a crash cut short.
 *
 * <p>One such change at a time, so that two policies never reach a shard in the wrong order; they are rare.
 */
final class VolumeLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeLifecycle.class);

    private final Shard shard;
    private final ControlSession session;
    private final VolumeRoots roots;
    private final List<Integer> shards;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    VolumeLifecycle(
            final Shard shard, final ControlSession session, final VolumeRoots roots, final List<Integer> shards) {
        this.shard = shard;
        this.session = session;
        this.roots = roots;
        this.shards = List.copyOf(shards);
    }

    VolumeRecord create(final String name, final Principal owner, final VolumeSettings settings) {
        return exclusively(() -> {
            final var command = CreateVolume.newBuilder()
                    .setName(name)
                    .setTenant(owner.tenant())
                    .setOwner(owner.user())
                    .setShard(shards.get(Math.floorMod(name.hashCode(), shards.size())))
                    .setQuota(ControlRecords.quota(settings.quota()))
                    .setVersioning(ControlRecords.versioning(settings.versioning()))
                    .putAllAttributes(settings.attributes());
            return finishCreation(session.call(ControlCommand.newBuilder().setCreateVolume(command))
                    .getVolume());
        });
    }

    void delete(final String name) {
        exclusively(() -> {
            final var command = BeginDeleteVolume.newBuilder().setName(name);
            finishDeletion(session.call(ControlCommand.newBuilder().setBeginDeleteVolume(command))
                    .getVolume());
            return true;
        });
    }

    VolumeRecord change(final String name, final VolumeChange change) {
        return exclusively(() -> {
            final var command = ChangeVolume.newBuilder().setName(name);
            change.quota().ifPresent(quota -> command.setQuota(ControlRecords.quota(quota)));
            change.versioning().ifPresent(versioning -> command.setVersioning(ControlRecords.versioning(versioning)));
            change.attributes().forEach((attribute, value) -> {
                final var one = AttributeChange.newBuilder().setName(attribute);
                value.ifPresent(one::setValue);
                command.addAttributes(one);
            });
            final VolumeRecord changed = session.call(
                            ControlCommand.newBuilder().setChangeVolume(command))
                    .getVolume();
            bringPolicy(changed);
            return changed;
        });
    }

    TenantRecord setTenantQuota(final String name, final Quota quota) {
        return exclusively(() -> {
            final var command = SetTenantQuota.newBuilder().setName(name).setQuota(ControlRecords.quota(quota));
            final TenantRecord tenant = session.call(ControlCommand.newBuilder().setSetTenantQuota(command))
                    .getTenant();
            bringQuota(tenant);
            return tenant;
        });
    }

    /** Completes what a crash left between two steps. Called once after the shards are up. */
    void resume() {
        exclusively(() -> {
            for (final VolumeRecord volume : volumes()) {
                switch (volume.getState()) {
                    case VOLUME_CREATING -> {
                        LOG.info("completing the creation of volume {}", volume.getName());
                        finishCreation(volume);
                    }
                    case VOLUME_DELETING -> resumeDeletion(volume);
                    case VOLUME_ACTIVE -> {
                        bringPolicy(volume);
                        roots.makeKnown(volume.getShard(), volume.getId(), policy(volume));
                    }
                    case VOLUME_STATE_UNSPECIFIED, UNRECOGNIZED ->
                        throw new IllegalStateException("volume " + volume.getName() + " is in no known state");
                }
            }
            tenants().stream().filter(TenantRecord::getQuotaPending).forEach(this::bringQuota);
            return true;
        });
    }

    private void resumeDeletion(final VolumeRecord volume) {
        LOG.info("completing the deletion of volume {}", volume.getName());
        try {
            finishDeletion(volume);
        } catch (final StorageException e) {
            if (e.failure() != Failure.NOT_EMPTY) {
                throw e;
            }
            LOG.info("volume {} is not empty and stays", volume.getName());
        }
    }

    private VolumeRecord finishCreation(final VolumeRecord volume) {
        final long root = roots.create(volume.getShard(), volume.getId(), policy(volume));
        final var command = ActivateVolume.newBuilder().setId(volume.getId()).setRootInode(root);
        return session.call(ControlCommand.newBuilder().setActivateVolume(command))
                .getVolume();
    }

    private void finishDeletion(final VolumeRecord volume) {
        try {
            roots.deleteIfEmpty(volume.getShard(), volume.getId());
        } catch (final StorageException e) {
            // any other failure leaves it open whether the root is gone: the volume stays DELETING, and may be deleted
            // again
            if (e.failure() == Failure.NOT_EMPTY) {
                session.call(ControlCommand.newBuilder()
                        .setCancelDeleteVolume(CancelDeleteVolume.newBuilder().setId(volume.getId())));
                throw new StorageException(Failure.NOT_EMPTY, "volume " + volume.getName() + " is not empty", e);
            }
            throw e;
        }
        session.call(ControlCommand.newBuilder()
                .setFinishDeleteVolume(FinishDeleteVolume.newBuilder().setId(volume.getId())));
    }

    private void bringPolicy(final VolumeRecord volume) {
        if (volume.getPolicyApplied() == volume.getPolicyRevision()) {
            return;
        }
        roots.setPolicy(volume.getShard(), volume.getId(), policy(volume));
        session.call(ControlCommand.newBuilder()
                .setPolicyApplied(
                        PolicyApplied.newBuilder().setId(volume.getId()).setRevision(volume.getPolicyRevision())));
    }

    private void bringQuota(final TenantRecord tenant) {
        for (final VolumeRecord volume : volumes()) {
            if (volume.getTenant().equals(tenant.getName()) && volume.getState() != VolumeState.VOLUME_CREATING) {
                roots.setPolicy(volume.getShard(), volume.getId(), policy(volume));
            }
        }
        session.call(ControlCommand.newBuilder()
                .setTenantQuotaApplied(TenantQuotaApplied.newBuilder()
                        .setName(tenant.getName())
                        .setQuota(tenant.getQuota())));
    }

    private VolumePolicy policy(final VolumeRecord volume) {
        final byte[] key = ControlKeys.tenant(volume.getTenant());
        final TenantRecord tenant = shard.read(store -> store.get(ControlKeys.FAMILY, key)
                .map(bytes -> ControlDraft.parse(TenantRecord.parser(), bytes, key))
                .orElseThrow(() -> ControlDraft.missing("tenant " + volume.getTenant())));
        return new VolumePolicy(
                tenant.getId(),
                ControlRecords.quota(tenant.getQuota()),
                ControlRecords.quota(volume.getQuota()),
                ControlRecords.versioning(volume.getVersioning()));
    }

    private List<VolumeRecord> volumes() {
        return shard.read(VolumeLifecycle::volumes);
    }

    private static List<VolumeRecord> volumes(final KeyValueReader store) {
        final List<VolumeRecord> volumes = new ArrayList<>();
        ControlView.each(store, ControlKeys.volumes(), VolumeRecord.parser(), volumes::add);
        return volumes;
    }

    private List<TenantRecord> tenants() {
        return shard.read(store -> {
            final List<TenantRecord> tenants = new ArrayList<>();
            ControlView.each(store, ControlKeys.tenants(), TenantRecord.parser(), tenants::add);
            return tenants;
        });
    }

    private <T> T exclusively(final Supplier<T> change) {
        oneAtATime.lock();
        try {
            return change.get();
        } finally {
            oneAtATime.unlock();
        }
    }
}
