package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.namespace.wire.Command;
import java.util.Optional;
import java.util.TreeMap;

/** Sessions in the model: what was answered, until it is acknowledged. */
final class ModelSessions {
    static final class Session {
        long acknowledgedBelow;
        final TreeMap<Long, byte[]> replies = new TreeMap<>();
    }

    final TreeMap<Long, Session> open = new TreeMap<>();

    /** The reply of an earlier run of the command. */
    Optional<byte[]> earlier(final Command command) {
        final Session session = open.get(command.getSession());
        Refused.unless(session != null, Failure.STALE_SESSION);
        Refused.unless(command.getSequence() >= session.acknowledgedBelow, Failure.CONFLICT);
        Refused.unless(command.getAcknowledgedBelow() <= command.getSequence(), Failure.INVALID_ARGUMENT);
        session.acknowledgedBelow = Math.max(session.acknowledgedBelow, command.getAcknowledgedBelow());
        session.replies.headMap(session.acknowledgedBelow).clear();
        Refused.unless(
                session.replies.containsKey(command.getSequence())
                        || command.getSequence() - session.acknowledgedBelow < SessionCommands.WINDOW_MAX,
                Failure.UNAVAILABLE);
        return Optional.ofNullable(session.replies.get(command.getSequence()));
    }

    void keep(final Command command, final byte[] reply) {
        final Session session = open.get(command.getSession());
        if (session != null) {
            session.replies.put(command.getSequence(), reply);
        }
    }
}
