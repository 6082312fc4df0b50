package io.tarn.core.control;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.wire.ControlReply;
import io.tarn.core.wire.CreateUser;
import io.tarn.core.wire.DeleteUser;
import io.tarn.core.wire.SetUserIds;
import io.tarn.core.wire.TenantRecord;
import io.tarn.core.wire.UserRecord;

/** Commands on users. A uid belongs to one user of a tenant; different tenants may use the same. */
final class UserCommands {
    private UserCommands() {}

    static ControlReply create(final CreateUser command, final long timeNanos, final ControlDraft draft) {
        ControlNames.checkUser(command.getName());
        final TenantRecord tenant = draft.needTenant(command.getTenant());
        if (draft.user(command.getTenant(), command.getName()).isPresent()) {
            throw new StorageException(
                    Failure.ALREADY_EXISTS, "user " + command.getTenant() + "/" + command.getName() + " exists");
        }
        final int uid = command.hasUid() ? command.getUid() : freeUid(tenant, draft);
        final int gid = command.hasGid() ? command.getGid() : uid;
        ControlNames.checkIds(uid, gid, command.getGroupsList());
        checkFree(tenant.getName(), uid, draft);
        final UserRecord user = UserRecord.newBuilder()
                .setTenant(command.getTenant())
                .setName(command.getName())
                .setUid(uid)
                .setGid(gid)
                .addAllGroups(command.getGroupsList())
                .setCreatedNanos(timeNanos)
                .build();
        draft.takeUid(user);
        draft.put(tenant.toBuilder()
                .setUsers(tenant.getUsers() + 1)
                .setNextUid(command.hasUid() ? tenant.getNextUid() : uid + 1)
                .build());
        return put(user, draft);
    }

    static ControlReply setIds(final SetUserIds command, final ControlDraft draft) {
        ControlNames.checkIds(command.getUid(), command.getGid(), command.getGroupsList());
        final UserRecord user = draft.needUser(command.getTenant(), command.getName());
        final UserRecord changed = user.toBuilder()
                .setUid(command.getUid())
                .setGid(command.getGid())
                .clearGroups()
                .addAllGroups(command.getGroupsList())
                .build();
        if (user.getUid() != changed.getUid()) {
            checkFree(user.getTenant(), changed.getUid(), draft);
            draft.freeUid(user);
            draft.takeUid(changed);
        }
        return put(changed, draft);
    }

    static ControlReply delete(final DeleteUser command, final ControlDraft draft) {
        final UserRecord user = draft.needUser(command.getTenant(), command.getName());
        if (user.getVolumes() > 0) {
            throw new StorageException(
                    Failure.NOT_EMPTY,
                    "user %s/%s owns %d volumes".formatted(user.getTenant(), user.getName(), user.getVolumes()));
        }
        user.getKeysList().forEach(draft::deleteKey);
        draft.freeUid(user);
        draft.deleteUser(user);
        final TenantRecord tenant = draft.needTenant(user.getTenant());
        draft.put(tenant.toBuilder().setUsers(tenant.getUsers() - 1).build());
        return ControlState.done();
    }

    private static int freeUid(final TenantRecord tenant, final ControlDraft draft) {
        int uid = tenant.getNextUid();
        while (draft.uidTaken(tenant.getName(), uid)) {
            uid = Math.addExact(uid, 1);
        }
        return uid;
    }

    private static void checkFree(final String tenant, final int uid, final ControlDraft draft) {
        if (draft.uidTaken(tenant, uid)) {
            throw new StorageException(
                    Failure.ALREADY_EXISTS, "uid " + uid + " belongs to another user of tenant " + tenant);
        }
    }

    private static ControlReply put(final UserRecord user, final ControlDraft draft) {
        draft.put(user);
        return ControlReply.newBuilder().setUser(user).build();
    }
}
