package io.tarn.core.control;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.wire.ControlReply;
import io.tarn.core.wire.CreateKey;
import io.tarn.core.wire.DeleteKey;
import io.tarn.core.wire.KeyRecord;
import io.tarn.core.wire.SetKeyEnabled;
import io.tarn.core.wire.UserRecord;

/** Commands on access keys. Secrets arrive sealed and are never opened here. */
final class KeyCommands {
    private KeyCommands() {}

    static ControlReply create(final CreateKey command, final long timeNanos, final ControlDraft draft) {
        ControlNames.checkAccessKeyId(command.getId());
        final UserRecord user = draft.needUser(command.getTenant(), command.getUser());
        final var existing = draft.key(command.getId());
        if (existing.isPresent()) {
            final KeyRecord old = existing.get();
            final boolean ours =
                    old.getTenant().equals(user.getTenant()) && old.getUser().equals(user.getName());
            if (!command.getReplace() || !ours) {
                throw new StorageException(Failure.ALREADY_EXISTS, "access key " + command.getId() + " exists");
            }
            return put(
                    old.toBuilder()
                            .setSealedSecret(command.getSealedSecret())
                            .setEnabled(true)
                            .build(),
                    draft);
        }
        if (user.getKeysCount() >= ControlNames.MAX_KEYS_PER_USER) {
            throw new StorageException(
                    Failure.TOO_LARGE, "a user has at most " + ControlNames.MAX_KEYS_PER_USER + " access keys");
        }
        draft.put(user.toBuilder().addKeys(command.getId()).build());
        return put(
                KeyRecord.newBuilder()
                        .setId(command.getId())
                        .setTenant(user.getTenant())
                        .setUser(user.getName())
                        .setEnabled(true)
                        .setCreatedNanos(timeNanos)
                        .setSealedSecret(command.getSealedSecret())
                        .build(),
                draft);
    }

    static ControlReply setEnabled(final SetKeyEnabled command, final ControlDraft draft) {
        return put(
                draft.needKey(command.getId()).toBuilder()
                        .setEnabled(command.getEnabled())
                        .build(),
                draft);
    }

    static ControlReply delete(final DeleteKey command, final ControlDraft draft) {
        final KeyRecord key = draft.needKey(command.getId());
        final UserRecord user = draft.needUser(key.getTenant(), key.getUser());
        final var others = user.getKeysList().stream()
                .filter(id -> !id.equals(key.getId()))
                .toList();
        draft.put(user.toBuilder().clearKeys().addAllKeys(others).build());
        draft.deleteKey(key.getId());
        return ControlState.done();
    }

    private static ControlReply put(final KeyRecord key, final ControlDraft draft) {
        draft.put(key);
        return ControlReply.newBuilder().setKey(key).build();
    }
}
