package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sessions and the replies kept for them. A retried command is answered with the reply of its first run; what the client has
 * acknowledged is forgotten. What a session held open ends with it.
 */
final class SessionCommands {
    /**
     * Most commands of a session beyond the first unacknowledged one, and so most replies kept for it: a client that does not
     * acknowledge is refused before its command is applied.
     */
    static final int WINDOW_MAX = 1 << 16;

    /** Rows that one command gives up of the sessions it ends. */
    static final int END_ROWS_MAX = 1_000;

    private static final long FORGET_ONE_BY_ONE_MAX = 1024;

    private final Transaction transaction;
    private final ExtentCommands extents;
    private final OpenCommands opens;
    private final LockCommands locks;
    private final LeaseCommands leases;
    private final DelegationCommands delegations;

    SessionCommands(
            final Transaction transaction,
            final ExtentCommands extents,
            final OpenCommands opens,
            final LockCommands locks,
            final LeaseCommands leases,
            final DelegationCommands delegations) {
        this.transaction = transaction;
        this.extents = extents;
        this.opens = opens;
        this.locks = locks;
        this.leases = leases;
        this.delegations = delegations;
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
        if (session.getEnding()) {
            throw new StorageException(Failure.STALE_SESSION, "session %x is ending".formatted(command.getSession()));
        }
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
        final Optional<byte[]> earlier =
                transaction.store.get(Families.REPLY, Keys.of(command.getSession(), command.getSequence()));
        final long below = Math.max(session.getAcknowledgedBelow(), command.getAcknowledgedBelow());
        if (earlier.isEmpty() && command.getSequence() - below >= WINDOW_MAX) {
            throw new StorageException(
                    Failure.UNAVAILABLE, "the session has more than " + WINDOW_MAX + " replies to acknowledge");
        }
        return earlier;
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
                && session(command.getSession())
                        .filter(session -> !session.getEnding())
                        .isEmpty()) {
            return;
        }
        transaction.store.put(Families.REPLY, Keys.of(command.getSession(), command.getSequence()), reply);
    }

    private Optional<SessionRecord> session(final long id) {
        return Records.get(transaction.store, Families.SESSION, Keys.of(id), SessionRecord.parser());
    }

    Reply open(final Command command) {
        if (command.getSession() == 0) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "session 0 is nobody's");
        }
        final Optional<SessionRecord> known = session(command.getSession());
        if (known.filter(SessionRecord::getEnding).isPresent()) {
            throw new StorageException(Failure.STALE_SESSION, "the session is ending");
        }
        if (known.isEmpty()) {
            transaction.put(
                    Families.SESSION,
                    Keys.of(command.getSession()),
                    SessionRecord.newBuilder().setOpenedNanos(transaction.now()).build());
        }
        return Replies.DONE;
    }

    /**
     * Ends sessions as far as one command may. From the first step on a session takes no more commands; what it held goes in as
     * many steps as it needs, and the reply says whether there is more to do.
     */
    Reply end(final EndSessions command) {
        final List<Long> sessions =
                command.getOthersThan() != 0 ? othersThan(command.getOthersThan()) : command.getSessionsList();
        int rowsLeft = END_ROWS_MAX;
        for (final long session : sessions) {
            if (rowsLeft <= 0) {
                return Replies.progress(true);
            }
            rowsLeft -= end(session, rowsLeft);
        }
        return Replies.progress(rowsLeft <= 0);
    }

    /** Up to one session more than a command can end. */
    private List<Long> othersThan(final long kept) {
        final List<Long> others = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.SESSION, new byte[0], new byte[0])) {
            for (; cursor.valid() && others.size() <= END_ROWS_MAX; cursor.next()) {
                final long session = Keys.lastLong(cursor.key());
                if (session != kept) {
                    others.add(session);
                }
            }
        }
        return others;
    }

    /** Gives up to {@code rowsMax} rows of a session up, and the session itself with the last; returns how many it took. */
    private int end(final long id, final int rowsMax) {
        final SessionRecord session = session(id).orElse(null);
        if (session == null) {
            return 0;
        }
        int rows = giveUpExtents(id, rowsMax);
        rows += closeFiles(id, rowsMax - rows);
        rows += locks.endSession(id, rowsMax - rows);
        rows += leases.endSession(id, rowsMax - rows);
        rows += delegations.endSession(id, rowsMax - rows);
        long forgottenBelow = session.getAcknowledgedBelow();
        for (final long sequence : last(Families.REPLY, Keys.of(id, forgottenBelow), id, rowsMax - rows)) {
            transaction.store.delete(Families.REPLY, Keys.of(id, sequence));
            forgottenBelow = sequence + 1;
            rows++;
        }
        if (rows < rowsMax) {
            transaction.store.delete(Families.SESSION, Keys.of(id));
            return rows + 1;
        }
        transaction.put(
                Families.SESSION,
                Keys.of(id),
                session.toBuilder()
                        .setEnding(true)
                        .setAcknowledgedBelow(forgottenBelow)
                        .build());
        return rows;
    }

    private int giveUpExtents(final long session, final int rowsMax) {
        final List<Long> held = last(Families.HELD, Keys.of(session), session, rowsMax);
        for (final long extent : held) {
            extents.endSession(
                    extent,
                    Records.extent(transaction.store, extent)
                            .orElseThrow(() -> new IllegalStateException("a held extent is missing")));
        }
        return held.size();
    }

    private int closeFiles(final long session, final int rowsMax) {
        final List<Long> open = last(Families.OPEN, Keys.of(session), session, rowsMax);
        for (final long inode : open) {
            opens.end(session, inode);
        }
        return open.size();
    }

    /** What the keys of a session's rows end in, from a key on, at most {@code max}. */
    private List<Long> last(final Family family, final byte[] from, final long session, final int max) {
        final List<Long> found = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(family, from, Keys.after(Keys.of(session)))) {
            for (; cursor.valid() && found.size() < max; cursor.next()) {
                found.add(Keys.lastLong(cursor.key()));
            }
        }
        return found;
    }
}
