package io.tarn.core.control;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.wire.ControlReply;
import io.tarn.core.wire.CreateTenant;
import io.tarn.core.wire.DeleteTenant;
import io.tarn.core.wire.QuotaRecord;
import io.tarn.core.wire.SetTenantQuota;
import io.tarn.core.wire.TenantQuotaApplied;
import io.tarn.core.wire.TenantRecord;

/** Commands on tenants. */
final class TenantCommands {
    /** First uid given to users; those below are the system's on every Linux. */
    private static final int FIRST_UID = 1000;

    private TenantCommands() {}

    static ControlReply create(final CreateTenant command, final long timeNanos, final ControlDraft draft) {
        ControlNames.checkTenant(command.getName());
        checkQuota(command.getQuota());
        if (draft.tenant(command.getName()).isPresent()) {
            throw new StorageException(Failure.ALREADY_EXISTS, "tenant " + command.getName() + " exists");
        }
        final TenantRecord tenant = TenantRecord.newBuilder()
                .setId(draft.next("tenant"))
                .setName(command.getName())
                .setQuota(command.getQuota())
                .setCreatedNanos(timeNanos)
                .setNextUid(FIRST_UID)
                .build();
        return put(tenant, draft);
    }

    static ControlReply setQuota(final SetTenantQuota command, final ControlDraft draft) {
        checkQuota(command.getQuota());
        final TenantRecord tenant = draft.needTenant(command.getName());
        return put(
                tenant.toBuilder()
                        .setQuota(command.getQuota())
                        .setQuotaPending(true)
                        .build(),
                draft);
    }

    static ControlReply quotaApplied(final TenantQuotaApplied command, final ControlDraft draft) {
        final TenantRecord tenant = draft.needTenant(command.getName());
        if (!tenant.getQuota().equals(command.getQuota())) {
            return ControlReply.newBuilder().setTenant(tenant).build();
        }
        return put(tenant.toBuilder().setQuotaPending(false).build(), draft);
    }

    static ControlReply delete(final DeleteTenant command, final ControlDraft draft) {
        final TenantRecord tenant = draft.needTenant(command.getName());
        if (tenant.getUsers() > 0 || tenant.getVolumes() > 0) {
            throw new StorageException(
                    Failure.NOT_EMPTY,
                    "tenant %s has %d users and %d volumes"
                            .formatted(tenant.getName(), tenant.getUsers(), tenant.getVolumes()));
        }
        draft.deleteTenant(tenant.getName());
        return ControlState.done();
    }

    static void checkQuota(final QuotaRecord quota) {
        ControlNames.checkQuota(quota.getBytes(), quota.getInodes());
    }

    private static ControlReply put(final TenantRecord tenant, final ControlDraft draft) {
        draft.put(tenant);
        return ControlReply.newBuilder().setTenant(tenant).build();
    }
}
