package io.tarn.core.control;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.shard.Shard;
import io.tarn.core.wire.CloseSession;
import io.tarn.core.wire.ControlCommand;
import io.tarn.core.wire.OpenSession;
import io.tarn.core.wire.RenewSession;
import io.tarn.core.wire.SessionRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sessions that a node opens, renews and ends for clients in other processes. Each call but {@link #find} is one log entry of the control
 * group, shared with whoever commits at the same time. Thread-safe; calls block.
 */
public final class RemoteSessions {
    /** What a client may ask for. */
    public static final Duration TTL_MIN = Duration.ofNanos(SessionCommands.MIN_TTL_NANOS);

    public static final Duration TTL_MAX = Duration.ofNanos(SessionCommands.MAX_TTL_NANOS);

    private final Shard shard;
    private final ControlSession node;

    /** @param node the node's own session, under which it acts for the others */
    public RemoteSessions(final Shard shard, final ControlSession node) {
        this.shard = shard;
        this.node = node;
    }

    public RemoteSession open(final Duration ttl, final String accessKey) {
        return remote(node.call(ControlCommand.newBuilder()
                        .setOpenSession(OpenSession.newBuilder()
                                .setTtlNanos(ttl.toNanos())
                                .setRemote(true)
                                .setAccessKey(accessKey)))
                .getSession());
    }

    /**
     * Lets a session live for another while.
     *
     * @throws io.tarn.core.StorageException {@code STALE_SESSION} when it is over
     */
    public RemoteSession renew(final long id) {
        return renew(RenewSession.newBuilder().setId(id));
    }

    /**
     * Gives a session to another process: its generation rises.
     *
     * @param shown generation of the token by which it is asked for
     * @throws io.tarn.core.StorageException {@code STALE_SESSION} when it is over, {@code CONFLICT} when somebody works under a later generation
     */
    public RemoteSession takeOver(final long id, final long shown) {
        return renew(RenewSession.newBuilder().setId(id).setTakeOver(true).setGeneration(shown));
    }

    /**
     * Somebody works under a generation: what was good for taking over before is not any more.
     *
     * @throws io.tarn.core.StorageException {@code STALE_SESSION} when it is over, {@code CONFLICT} when it has another generation
     */
    public RemoteSession use(final long id, final long generation) {
        return renew(RenewSession.newBuilder().setId(id).setInUse(true).setGeneration(generation));
    }

    private RemoteSession renew(final RenewSession.Builder how) {
        return remote(
                node.call(ControlCommand.newBuilder().setRenewSession(how)).getSession());
    }

    /** Ends a session, of whichever kind; fine when it is over. */
    public void close(final long id) {
        node.call(ControlCommand.newBuilder()
                .setCloseSession(CloseSession.newBuilder().setId(id)));
    }

    /** The session of that id, if it is a remote one that is not over. */
    public Optional<RemoteSession> find(final long id) {
        return shard.read(store -> store.get(ControlKeys.FAMILY, ControlKeys.session(id))
                        .map(bytes -> ControlDraft.parse(SessionRecord.parser(), bytes, ControlKeys.session(id))))
                .filter(SessionRecord::getRemote)
                .map(RemoteSessions::remote);
    }

    /**
     * For a node that was away: its own earlier sessions are over, and the time that it was away does not count for its clients'.
     *
     * @return remote sessions that are there
     */
    public int resume() {
        int remote = 0;
        for (final SessionRecord session : shard.read(RemoteSessions::all)) {
            if (session.getRemote()) {
                renew(session.getId());
                remote++;
            } else if (session.getId() != node.id()) {
                close(session.getId());
            }
        }
        return remote;
    }

    private static List<SessionRecord> all(final KeyValueReader store) {
        final List<SessionRecord> sessions = new ArrayList<>();
        ControlView.each(store, ControlKeys.sessions(), SessionRecord.parser(), sessions::add);
        return sessions;
    }

    private static RemoteSession remote(final SessionRecord record) {
        return new RemoteSession(
                record.getId(),
                record.getAccessKey(),
                record.getGeneration(),
                record.getTakeableFrom() == record.getGeneration(),
                record.getTtlNanos());
    }
}
