package io.tarn.core.control;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.wire.ControlCommand;
import io.tarn.core.wire.ControlReply;
import io.tarn.core.wire.ExpireSession;
import io.tarn.core.wire.OpenSession;
import io.tarn.core.wire.RenewSession;
import io.tarn.core.wire.SessionRecord;
import io.tarn.core.wire.SessionReply;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Sessions: they carry the replies by which a retried command is recognised, and end by the log's clock. */
final class SessionCommands {
    /** Replies kept for one session; its client has fewer commands than this under way. */
    static final int MAX_UNACKNOWLEDGED = 256;

    static final long MIN_TTL_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long MAX_TTL_NANOS = TimeUnit.HOURS.toNanos(1);

    private SessionCommands() {}

    /** Runs a command the first time its sequence is seen, and gives the first reply every time after. */
    static byte[] once(final ControlCommand command, final ControlDraft draft, final Supplier<ControlReply> action) {
        final var found = draft.session(command.getSession());
        if (found.isEmpty()) {
            return refused(Failure.STALE_SESSION, "session " + command.getSession() + " is over");
        }
        final SessionRecord session = found.get();
        for (final SessionReply earlier : session.getRepliesList()) {
            if (earlier.getSequence() == command.getSequence()) {
                return earlier.getReply().toByteArray();
            }
        }
        if (command.getSequence() < session.getAcknowledged()) {
            return refused(Failure.CONFLICT, "sequence " + command.getSequence() + " was acknowledged long ago");
        }
        final var replies = session.getRepliesList().stream()
                .filter(reply -> reply.getSequence() >= command.getAcknowledged())
                .toList();
        if (replies.size() >= MAX_UNACKNOWLEDGED) {
            return refused(Failure.UNAVAILABLE, "the session has too many replies unacknowledged");
        }
        final ControlReply reply = action.get();
        // the command may have renewed or ended the session itself
        draft.session(command.getSession())
                .ifPresent(now -> draft.put(now.toBuilder()
                        .setAcknowledged(Math.max(now.getAcknowledged(), command.getAcknowledged()))
                        .clearReplies()
                        .addAllReplies(replies)
                        .addReplies(SessionReply.newBuilder()
                                .setSequence(command.getSequence())
                                .setReply(reply.toByteString()))
                        .build()));
        draft.keep();
        return reply.toByteArray();
    }

    static ControlReply open(final OpenSession command, final long timeNanos, final ControlDraft draft) {
        final long ttl = command.getTtlNanos();
        ControlNames.check(ttl >= MIN_TTL_NANOS && ttl <= MAX_TTL_NANOS, "a session lasts from 1 s to 1 h");
        final SessionRecord session = SessionRecord.newBuilder()
                .setId(draft.next("session"))
                .setTtlNanos(ttl)
                .setExpiresNanos(timeNanos + ttl)
                .setAcknowledged(1)
                .setRemote(command.getRemote())
                .setAccessKey(command.getAccessKey())
                .build();
        draft.put(session);
        return reply(session);
    }

    /**
     * Lets a session live on, and says whose it is. A take-over makes a new generation, so two never have the same; it may be repeated with
     * what was good for the last one until somebody works under that.
     */
    static ControlReply renew(
            final RenewSession command, final long id, final long timeNanos, final ControlDraft draft) {
        final SessionRecord session = need(id, draft);
        final SessionRecord.Builder renewed = session.toBuilder().setExpiresNanos(timeNanos + session.getTtlNanos());
        if (command.getTakeOver()) {
            require(command.getGeneration() >= session.getTakeableFrom()
                    && command.getGeneration() <= session.getGeneration());
            renewed.setGeneration(session.getGeneration() + 1);
        } else if (command.getInUse()) {
            require(command.getGeneration() == session.getGeneration());
            renewed.setTakeableFrom(session.getGeneration());
        }
        draft.put(renewed.build());
        return reply(renewed.clearReplies().build());
    }

    private static void require(final boolean present) {
        if (!present) {
            throw new StorageException(Failure.CONFLICT, "another process has the session now");
        }
    }

    static ControlReply expire(final ExpireSession command, final long timeNanos, final ControlDraft draft) {
        final var session = draft.session(command.getId());
        if (session.isEmpty()) {
            return ControlState.done();
        }
        if (session.get().getExpiresNanos() > timeNanos) {
            throw new StorageException(Failure.CONFLICT, "session " + command.getId() + " was renewed");
        }
        draft.deleteSession(command.getId());
        return ControlState.done();
    }

    static ControlReply close(final long id, final ControlDraft draft) {
        draft.deleteSession(id);
        return ControlState.done();
    }

    private static SessionRecord need(final long id, final ControlDraft draft) {
        return draft.session(id)
                .orElseThrow(() -> new StorageException(Failure.STALE_SESSION, "session " + id + " is over"));
    }

    private static ControlReply reply(final SessionRecord session) {
        return ControlReply.newBuilder().setSession(session).build();
    }

    private static byte[] refused(final Failure failure, final String message) {
        return ControlState.failed(failure, message).toByteArray();
    }
}
