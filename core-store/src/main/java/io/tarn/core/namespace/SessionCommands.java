package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SessionRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sessions and the replies kept for them. A retried command is answered with the reply of its first run; what the client has
 * acknowledged is forgotten. What a session held open ends with it.
 */
final class SessionCommands {
    private static final long FORGET_ONE_BY_ONE_MAX = 1024;

    private final Transaction transaction;
    private final ExtentCommands extents;
    private final ObjectCommands objects;
    private final LockCommands locks;
    private final LeaseCommands leases;

    SessionCommands(
            final Transaction transaction,
            final ExtentCommands extents,
            final ObjectCommands objects,
            final LockCommands locks,
            final LeaseCommands leases) {
        this.transaction = transaction;
        this.extents = extents;
        this.objects = objects;
        this.locks = locks;
        this.leases = leases;
    }

    /**
     * The reply of an earlier run of the same command.
     *
     * @throws StorageException {@code STALE_SESSION} when the session is not open here
     */
    Optional<byte[]> earlier(final Command command) {
        final byte[] key = Keys.of(command.getSession());
        final SessionRecord session = Records.get(transaction.store, Families.SESSION, key, SessionRecord.parser())
                .orElseThrow(() -> new StorageException(
                        Failure.STALE_SESSION, "session %x is not open".formatted(command.getSession())));
        if (command.getSequence() < session.getAcknowledgedBelow()) {
            throw new StorageException(Failure.CONFLICT, "the client has acknowledged this command's reply already");
        }
        if (command.getAcknowledgedBelow() > command.getSequence()) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT, "a command acknowledges its own reply, or one that comes after it");
        }
        if (command.getAcknowledgedBelow() > session.getAcknowledgedBelow()) {
            forget(command.getSession(), session.getAcknowledgedBelow(), command.getAcknowledgedBelow());
            transaction.put(
                    Families.SESSION,
                    key,
                    session.toBuilder()
                            .setAcknowledgedBelow(command.getAcknowledgedBelow())
                            .build());
        }
        return transaction.store.get(Families.REPLY, Keys.of(command.getSession(), command.getSequence()));
    }

    /**
     * Forgets replies {@code [from, to)}. What lies below is gone already and is not scanned: passing over its tombstones would cost
     * more than the command itself.
     */
    private void forget(final long session, final long from, final long to) {
        if (to - from > FORGET_ONE_BY_ONE_MAX) {
            // By range: what exists is deleted, not what the client counts up to.
            transaction.store.deleteRange(Families.REPLY, Keys.of(session, from), Keys.of(session, to));
            return;
        }
        for (long sequence = from; sequence < to; sequence++) {
            transaction.store.delete(Families.REPLY, Keys.of(session, sequence));
        }
    }

    /** Keeps a reply, unless the command ended its own session: then nobody can ask again. */
    void keep(final Command command, final byte[] reply) {
        if (command.hasEndSessions()
                && transaction
                        .store
                        .get(Families.SESSION, Keys.of(command.getSession()))
                        .isEmpty()) {
            return;
        }
        transaction.store.put(Families.REPLY, Keys.of(command.getSession(), command.getSequence()), reply);
    }

    Reply open(final Command command) {
        final byte[] key = Keys.of(command.getSession());
        if (transaction.store.get(Families.SESSION, key).isEmpty()) {
            transaction.put(
                    Families.SESSION,
                    key,
                    SessionRecord.newBuilder().setOpenedNanos(transaction.now()).build());
        }
        return Replies.DONE;
    }

    Reply end(final EndSessions command) {
        final List<Long> sessions =
                command.getOthersThan() != 0 ? othersThan(command.getOthersThan()) : command.getSessionsList();
        for (final long session : sessions) {
            if (transaction.store.get(Families.SESSION, Keys.of(session)).isPresent()) {
                end(session);
            }
        }
        return Replies.DONE;
    }

    private void closeAll(final long session) {
        final byte[] prefix = Keys.of(session);
        final List<byte[]> open = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.OPEN, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                open.add(cursor.key());
            }
        }
        for (final byte[] key : open) {
            transaction.store.delete(Families.OPEN, key);
            objects.letGo(Keys.lastLong(key));
        }
    }

    private List<Long> othersThan(final long kept) {
        final List<Long> others = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.SESSION, new byte[0], new byte[0])) {
            for (; cursor.valid(); cursor.next()) {
                final long session = Keys.lastLong(cursor.key());
                if (session != kept) {
                    others.add(session);
                }
            }
        }
        return others;
    }

    private void end(final long session) {
        final Map<Long, ExtentRecord> held = new LinkedHashMap<>();
        try (Cursor cursor = transaction.store.scan(Families.EXTENT, new byte[0], new byte[0])) {
            for (; cursor.valid(); cursor.next()) {
                final ExtentRecord extent = Records.parse(ExtentRecord.parser(), cursor.value());
                final boolean writing =
                        extent.getState() == ExtentState.OPEN || extent.getState() == ExtentState.SEALED;
                if (writing && extent.getSession() == session) {
                    held.put(Keys.lastLong(cursor.key()), extent);
                }
            }
        }
        held.forEach(extents::endSession);
        closeAll(session);
        locks.endSession(session);
        leases.endSession(session);
        transaction.store.delete(Families.SESSION, Keys.of(session));
        final byte[] prefix = Keys.of(session);
        transaction.store.deleteRange(Families.REPLY, prefix, Keys.after(prefix));
    }
}
