package io.tarn.core.control;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.wire.ActivateVolume;
import io.tarn.core.wire.AttributeChange;
import io.tarn.core.wire.BeginDeleteVolume;
import io.tarn.core.wire.CancelDeleteVolume;
import io.tarn.core.wire.ChangeVolume;
import io.tarn.core.wire.ControlReply;
import io.tarn.core.wire.CreateVolume;
import io.tarn.core.wire.FinishDeleteVolume;
import io.tarn.core.wire.PolicyApplied;
import io.tarn.core.wire.TenantRecord;
import io.tarn.core.wire.UserRecord;
import io.tarn.core.wire.VolumeRecord;
import io.tarn.core.wire.VolumeState;
import io.tarn.core.wire.VolumeVersioning;

/**
 * Commands on volumes. A volume is made in three steps: CREATING here, the root directory in its shard, ACTIVE here; and
 * unmade in three: DELETING here, the root directory dropped if it is empty, the record dropped. Whoever finds a volume
 * between the steps may take them up again.
 */
final class VolumeCommands {
    private VolumeCommands() {}

    static ControlReply create(final CreateVolume command, final long timeNanos, final ControlDraft draft) {
        ControlNames.checkVolume(command.getName());
        ControlNames.checkAttributes(command.getAttributesMap());
        TenantCommands.checkQuota(command.getQuota());
        final var existing = draft.volume(command.getName());
        if (existing.isPresent()) {
            return adopt(existing.get(), command);
        }
        final TenantRecord tenant = draft.needTenant(command.getTenant());
        final UserRecord owner = draft.needUser(command.getTenant(), command.getOwner());
        final VolumeRecord volume = VolumeRecord.newBuilder()
                .setId(draft.next("volume"))
                .setName(command.getName())
                .setTenant(command.getTenant())
                .setOwner(command.getOwner())
                .setShard(command.getShard())
                .setQuota(command.getQuota())
                .setVersioning(command.getVersioning())
                .setCreatedNanos(timeNanos)
                .putAllAttributes(command.getAttributesMap())
                .setState(VolumeState.VOLUME_CREATING)
                .setPolicyRevision(1)
                .setPolicyApplied(1)
                .build();
        draft.put(tenant.toBuilder().setVolumes(tenant.getVolumes() + 1).build());
        draft.put(owner.toBuilder().setVolumes(owner.getVolumes() + 1).build());
        draft.indexVolume(volume);
        return put(volume, draft);
    }

    /** A creation cut short is continued by its owner's next attempt; anything else is taken. */
    private static ControlReply adopt(final VolumeRecord existing, final CreateVolume command) {
        if (existing.getState() == VolumeState.VOLUME_CREATING
                && existing.getTenant().equals(command.getTenant())
                && existing.getOwner().equals(command.getOwner())) {
            return ControlReply.newBuilder().setVolume(existing).build();
        }
        throw new StorageException(Failure.ALREADY_EXISTS, "volume " + command.getName() + " exists");
    }

    static ControlReply activate(final ActivateVolume command, final ControlDraft draft) {
        final VolumeRecord volume = draft.needVolume(command.getId());
        if (volume.getState() != VolumeState.VOLUME_CREATING) {
            return ControlReply.newBuilder().setVolume(volume).build();
        }
        return put(
                volume.toBuilder()
                        .setState(VolumeState.VOLUME_ACTIVE)
                        .setRootInode(command.getRootInode())
                        .build(),
                draft);
    }

    static ControlReply change(final ChangeVolume command, final ControlDraft draft) {
        final VolumeRecord volume = needActive(command.getName(), draft);
        final VolumeRecord.Builder changed = volume.toBuilder();
        if (command.hasQuota()) {
            TenantCommands.checkQuota(command.getQuota());
            changed.setQuota(command.getQuota());
        }
        if (command.hasVersioning()) {
            ControlNames.check(
                    command.getVersioning() != VolumeVersioning.VERSIONING_OFF
                            || volume.getVersioning() == VolumeVersioning.VERSIONING_OFF,
                    "versioning can be suspended, not taken back");
            changed.setVersioning(command.getVersioning());
        }
        if (command.hasQuota() || command.hasVersioning()) {
            changed.setPolicyRevision(volume.getPolicyRevision() + 1);
        }
        for (final AttributeChange attribute : command.getAttributesList()) {
            if (attribute.hasValue()) {
                changed.putAttributes(attribute.getName(), attribute.getValue());
            } else {
                changed.removeAttributes(attribute.getName());
            }
        }
        ControlNames.checkAttributes(changed.getAttributesMap());
        return put(changed.build(), draft);
    }

    static ControlReply policyApplied(final PolicyApplied command, final ControlDraft draft) {
        final VolumeRecord volume = draft.needVolume(command.getId());
        return put(
                volume.toBuilder()
                        .setPolicyApplied(Math.max(volume.getPolicyApplied(), command.getRevision()))
                        .build(),
                draft);
    }

    static ControlReply beginDelete(final BeginDeleteVolume command, final ControlDraft draft) {
        final VolumeRecord volume = draft.volume(command.getName())
                .filter(found -> found.getState() != VolumeState.VOLUME_CREATING)
                .orElseThrow(() -> ControlDraft.missing("volume " + command.getName()));
        return put(volume.toBuilder().setState(VolumeState.VOLUME_DELETING).build(), draft);
    }

    static ControlReply cancelDelete(final CancelDeleteVolume command, final ControlDraft draft) {
        final VolumeRecord volume = draft.needVolume(command.getId());
        if (volume.getState() != VolumeState.VOLUME_DELETING) {
            return ControlReply.newBuilder().setVolume(volume).build();
        }
        return put(volume.toBuilder().setState(VolumeState.VOLUME_ACTIVE).build(), draft);
    }

    static ControlReply finishDelete(final FinishDeleteVolume command, final ControlDraft draft) {
        final var found = draft.volume(command.getId());
        if (found.isEmpty()) {
            return ControlState.done();
        }
        final VolumeRecord volume = found.get();
        if (volume.getState() != VolumeState.VOLUME_DELETING) {
            throw new StorageException(Failure.CONFLICT, "volume " + volume.getName() + " is not being deleted");
        }
        draft.deleteVolume(volume);
        final TenantRecord tenant = draft.needTenant(volume.getTenant());
        draft.put(tenant.toBuilder().setVolumes(tenant.getVolumes() - 1).build());
        final UserRecord owner = draft.needUser(volume.getTenant(), volume.getOwner());
        draft.put(owner.toBuilder().setVolumes(owner.getVolumes() - 1).build());
        return ControlState.done();
    }

    private static VolumeRecord needActive(final String name, final ControlDraft draft) {
        return draft.volume(name)
                .filter(volume -> volume.getState() == VolumeState.VOLUME_ACTIVE)
                .orElseThrow(() -> ControlDraft.missing("volume " + name));
    }

    private static ControlReply put(final VolumeRecord volume, final ControlDraft draft) {
        draft.put(volume);
        return ControlReply.newBuilder().setVolume(volume).build();
    }
}
