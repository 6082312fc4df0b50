package io.tarn.core.control;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.shard.LogEntry;
import io.tarn.core.shard.ReplicatedState;
import io.tarn.core.wire.ControlCommand;
import io.tarn.core.wire.ControlFailure;
import io.tarn.core.wire.ControlReply;
import io.tarn.core.wire.Done;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The state machine of the control group. Pure: secrets are sealed and ids of access keys drawn before a command is proposed,
 * and the only clock is the entry's.
 *
 * <p>A command that cannot be carried out changes nothing but its session's replies, and its reply says why. What an entry
 * changed is told to the {@link ControlView} before {@link #apply} returns: the entry is committed by then, so nobody can see
 * in the view what might still be lost.
 *
 * <p>Threading: {@link #apply} is called by one thread at a time.
 */
public final class ControlState implements ReplicatedState {
    private static final ControlReply DONE =
            ControlReply.newBuilder().setDone(Done.getDefaultInstance()).build();

    private final ControlView view;

    /** @param view follows every entry applied here */
    public ControlState(final ControlView view) {
        this.view = Objects.requireNonNull(view);
    }

    @Override
    public List<Family> families() {
        return List.of(ControlKeys.FAMILY);
    }

    @Override
    public List<byte[]> apply(final LogEntry entry, final KeyValueReader store, final WriteSet changes) {
        view.loadOnce(store);
        final ControlDraft draft = new ControlDraft(store);
        final List<byte[]> replies = new ArrayList<>(entry.commands().size());
        for (final byte[] command : entry.commands()) {
            replies.add(applyOne(command, entry.timeNanos(), draft));
        }
        draft.writeTo(changes);
        view.follow(draft.changed());
        return replies;
    }

    private static byte[] applyOne(final byte[] bytes, final long timeNanos, final ControlDraft draft) {
        try {
            final ControlCommand command = ControlCommand.parseFrom(bytes);
            if (command.getCommandCase() == ControlCommand.CommandCase.OPEN_SESSION) {
                final ControlReply reply = attempt(command, timeNanos, draft);
                draft.keep();
                return reply.toByteArray();
            }
            return SessionCommands.once(command, draft, () -> attempt(command, timeNanos, draft));
        } catch (final InvalidProtocolBufferException e) {
            return failed(Failure.INVALID_ARGUMENT, "not a control command: " + e.getMessage())
                    .toByteArray();
        }
    }

    /** Carries out a command in the draft, or leaves the draft as it was and answers with the failure. */
    private static ControlReply attempt(final ControlCommand command, final long timeNanos, final ControlDraft draft) {
        try {
            return run(command, timeNanos, draft);
        } catch (final StorageException e) {
            draft.discard();
            return failed(e.failure(), e.getMessage());
        }
    }

    private static ControlReply run(final ControlCommand c, final long time, final ControlDraft draft) {
        return switch (c.getCommandCase()) {
            case CREATE_TENANT -> TenantCommands.create(c.getCreateTenant(), time, draft);
            case SET_TENANT_QUOTA -> TenantCommands.setQuota(c.getSetTenantQuota(), draft);
            case TENANT_QUOTA_APPLIED -> TenantCommands.quotaApplied(c.getTenantQuotaApplied(), draft);
            case DELETE_TENANT -> TenantCommands.delete(c.getDeleteTenant(), draft);
            case CREATE_USER -> UserCommands.create(c.getCreateUser(), time, draft);
            case SET_USER_IDS -> UserCommands.setIds(c.getSetUserIds(), draft);
            case DELETE_USER -> UserCommands.delete(c.getDeleteUser(), draft);
            case CREATE_KEY -> KeyCommands.create(c.getCreateKey(), time, draft);
            case SET_KEY_ENABLED -> KeyCommands.setEnabled(c.getSetKeyEnabled(), draft);
            case DELETE_KEY -> KeyCommands.delete(c.getDeleteKey(), draft);
            case CREATE_VOLUME -> VolumeCommands.create(c.getCreateVolume(), time, draft);
            case ACTIVATE_VOLUME -> VolumeCommands.activate(c.getActivateVolume(), draft);
            case CHANGE_VOLUME -> VolumeCommands.change(c.getChangeVolume(), draft);
            case POLICY_APPLIED -> VolumeCommands.policyApplied(c.getPolicyApplied(), draft);
            case BEGIN_DELETE_VOLUME -> VolumeCommands.beginDelete(c.getBeginDeleteVolume(), draft);
            case CANCEL_DELETE_VOLUME -> VolumeCommands.cancelDelete(c.getCancelDeleteVolume(), draft);
            case FINISH_DELETE_VOLUME -> VolumeCommands.finishDelete(c.getFinishDeleteVolume(), draft);
            case OPEN_SESSION -> SessionCommands.open(c.getOpenSession(), time, draft);
            case RENEW_SESSION ->
                SessionCommands.renew(
                        c.getRenewSession(), meant(c.getRenewSession().getId(), c), time, draft);
            case EXPIRE_SESSION -> SessionCommands.expire(c.getExpireSession(), time, draft);
            case CLOSE_SESSION ->
                SessionCommands.close(meant(c.getCloseSession().getId(), c), draft);
            case COMMAND_NOT_SET -> failed(Failure.UNSUPPORTED, "a control command of a later release");
        };
    }

    /** The session that a command is about: its own unless it names another. */
    private static long meant(final long named, final ControlCommand command) {
        return named == 0 ? command.getSession() : named;
    }

    static ControlReply done() {
        return DONE;
    }

    static ControlReply failed(final Failure failure, final String message) {
        return ControlReply.newBuilder()
                .setFailure(
                        ControlFailure.newBuilder().setFailure(failure.name()).setMessage(message))
                .build();
    }
}
