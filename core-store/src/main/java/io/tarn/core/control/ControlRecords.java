package io.tarn.core.control;

import io.tarn.client.AccessKey;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Tenant;
import io.tarn.client.User;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.core.wire.KeyRecord;
import io.tarn.core.wire.QuotaRecord;
import io.tarn.core.wire.TenantRecord;
import io.tarn.core.wire.UserRecord;
import io.tarn.core.wire.VolumeRecord;
import io.tarn.core.wire.VolumeVersioning;

/** Between the records of the store and those of the client API. */
final class ControlRecords {
    private ControlRecords() {}

    static Quota quota(final QuotaRecord quota) {
        return new Quota(quota.getBytes(), quota.getInodes());
    }

    static QuotaRecord quota(final Quota quota) {
        return QuotaRecord.newBuilder()
                .setBytes(quota.bytes())
                .setInodes(quota.inodes())
                .build();
    }

    static Versioning versioning(final VolumeVersioning versioning) {
        return switch (versioning) {
            case VERSIONING_OFF -> Versioning.OFF;
            case VERSIONING_ENABLED -> Versioning.ENABLED;
            case VERSIONING_SUSPENDED -> Versioning.SUSPENDED;
            case UNRECOGNIZED -> throw new IllegalStateException("unknown versioning state in a volume record");
        };
    }

    static VolumeVersioning versioning(final Versioning versioning) {
        return switch (versioning) {
            case OFF -> VolumeVersioning.VERSIONING_OFF;
            case ENABLED -> VolumeVersioning.VERSIONING_ENABLED;
            case SUSPENDED -> VolumeVersioning.VERSIONING_SUSPENDED;
        };
    }

    static Tenant tenant(final TenantRecord tenant) {
        return new Tenant(tenant.getName(), quota(tenant.getQuota()), tenant.getCreatedNanos());
    }

    static User user(final UserRecord user) {
        return new User(
                user.getTenant(),
                user.getName(),
                user.getUid(),
                user.getGid(),
                user.getGroupsList(),
                user.getCreatedNanos());
    }

    static Principal principal(final UserRecord user) {
        return new Principal(
                user.getTenant(),
                user.getName(),
                user.getUid(),
                user.getGid(),
                user.getGroupsList(),
                user.getTenant().equals(ControlClient.ROOT_TENANT));
    }

    static AccessKey key(final KeyRecord key) {
        return new AccessKey(key.getId(), key.getTenant(), key.getUser(), key.getEnabled(), key.getCreatedNanos());
    }

    static Volume volume(final VolumeRecord volume) {
        return new Volume(
                volume.getId(),
                volume.getName(),
                volume.getTenant(),
                volume.getOwner(),
                volume.getRootInode(),
                quota(volume.getQuota()),
                versioning(volume.getVersioning()),
                volume.getCreatedNanos(),
                volume.getAttributesMap());
    }
}
