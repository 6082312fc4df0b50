package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.GuardedReader;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.namespace.wire.OpenSession;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.shard.Shard;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's dealings with one shard. Commands are numbered, so that sending one again after a lost reply is harmless; that is
 * done here, within bounds, and callers see only final outcomes. Thread-safe; calls block (made for virtual threads).
 *
 * <p>The session's identity comes from the control group. When that has given the client another one, because the old was expired,
 * the next command that finds the old session gone goes on with the new.
 */
public final class ShardSession {
    private static final int ATTEMPTS_MAX = 3;
    private static final Logger LOG = LoggerFactory.getLogger(ShardSession.class);

    private final Shard shard;
    private final LongSupplier sessions;
    private final ReadPins pins;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile Numbering numbering;

    /** A session and the numbers of its commands. */
    private record Numbering(long session, SequenceWindow window) {}

    /**
     * @param sessions the client's present session id from the control group; an id is never given out twice
     * @param pins what readers on this node still need of the shard
     */
    public ShardSession(final Shard shard, final LongSupplier sessions, final ReadPins pins) {
        this.shard = shard;
        this.sessions = sessions;
        this.pins = pins;
        this.numbering = new Numbering(0, new SequenceWindow());
    }

    /** What readers on this node still need of the shard. */
    public ReadPins pins() {
        return pins;
    }

    public long session() {
        return numbering.session();
    }

    public Shard shard() {
        return shard;
    }

    /** Makes the session known to the shard. */
    public void open() {
        reopen(numbering);
    }

    private void reopen(final Numbering stale) {
        opening.lock();
        try {
            if (numbering.equals(stale)) {
                final long session = sessions.getAsLong();
                final Command.Builder command =
                        Command.newBuilder().setSession(session).setOpenSession(OpenSession.getDefaultInstance());
                NamespaceReplies.unwrap(
                        NamespaceReplies.of(send(command.build().toByteArray()).reply()));
                numbering = new Numbering(session, new SequenceWindow());
            }
        } finally {
            opening.unlock();
        }
    }

    /** Ends every other session: for the only client of an embedded shard, whose earlier lives are over. */
    public void endOthers() {
        end(EndSessions.newBuilder().setOthersThan(session()));
    }

    /** Ends sessions with all that they hold, in as many commands as that takes; those that are over already do no harm. */
    public void end(final Collection<Long> ended) {
        end(EndSessions.newBuilder().addAllSessions(ended));
    }

    private void end(final EndSessions.Builder ended) {
        while (call(Command.newBuilder().setEndSessions(ended)).getProgress().getMore()) {
            LOG.debug("ending sessions takes another step");
        }
    }

    /** Ends this session: what it holds open, its locks and leases are over. Nothing can be done with it afterwards. */
    public void end() {
        end(List.of(session()));
    }

    /** Carries out one command and returns its reply; a failure is thrown. */
    public Reply call(final Command.Builder command) {
        return NamespaceReplies.unwrap(ask(command));
    }

    /** Has one command decided and returns its reply, a failure too; what is thrown leaves it open whether it was. */
    Reply ask(final Command.Builder command) {
        final Numbering used = numbering;
        final Sent sent = attempt(command, used);
        final Reply reply = NamespaceReplies.of(sent.reply());
        if (!reply.getFailure().equals(Failure.STALE_SESSION.name()) || sessions.getAsLong() == used.session()) {
            return reply;
        }
        if (sent.repeated()) {
            throw new StorageException(Failure.TIMEOUT, "the session ended before the outcome of a command was known");
        }
        LOG.warn("session {} is over; shard {} goes on with another", used.session(), shard.number());
        reopen(used);
        return NamespaceReplies.of(attempt(command, numbering).reply());
    }

    private Sent attempt(final Command.Builder command, final Numbering used) {
        final long sequence = used.window().begin();
        try {
            return send(command.setSession(used.session())
                    .setSequence(sequence)
                    .setAcknowledgedBelow(used.window().acknowledgedBelow())
                    .build()
                    .toByteArray());
        } finally {
            used.window().end(sequence);
        }
    }

    /**
     * A reply.
     *
     * @param repeated whether the command was sent more than once, so that this may not be the reply of its first run
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Sent(byte[] reply, boolean repeated) {}

    private Sent send(final byte[] command) {
        StorageException last = null;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                return new Sent(await(shard.propose(command)), attempt > 0);
            } catch (final StorageException failed) {
                if (failed.failure() != Failure.TIMEOUT && last == null) {
                    throw failed;
                }
                // what comes of a later attempt says nothing of an earlier one, which may be carried out yet
                last = last == null ? failed : last;
            }
        }
        throw new StorageException(Failure.TIMEOUT, last.getMessage(), last);
    }

    /** Without a limit of its own, which would cost a timer a command: the shard gives every proposal an outcome in time. */
    private static byte[] await(final CompletableFuture<byte[]> reply) {
        try {
            return reply.get();
        } catch (final ExecutionException failed) {
            if (failed.getCause() instanceof final StorageException known) {
                throw known;
            }
            throw new IllegalStateException("a proposal failed unexpectedly", failed.getCause());
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while waiting for the shard", interrupted);
        }
    }

    /**
     * Reads linearizably, on the calling thread.
     *
     * @throws io.tarn.core.namespace.RowsElsewhere when the query comes to rows of another shard
     * @throws io.tarn.core.namespace.RowsHeld when it comes to what a commit between shards is about to change
     */
    public <T> T query(final Function<NamespaceQueries, T> query) {
        return shard.read(store -> query.apply(new NamespaceQueries(new GuardedReader(store, shard.number()))));
    }
}
