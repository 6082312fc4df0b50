package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.namespace.wire.OpenSession;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.shard.Shard;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * One client's dealings with one shard. Commands are numbered, so that sending one again after a lost reply is harmless; that is
 * done here, within bounds, and callers see only final outcomes. Thread-safe; calls block (made for virtual threads).
 */
public final class ShardSession {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS_MAX = 3;

    private final Shard shard;
    private final long session;
    private final SequenceWindow window = new SequenceWindow();

    /** @param session id from the control group, never used before */
    public ShardSession(final Shard shard, final long session) {
        this.shard = shard;
        this.session = session;
    }

    public long session() {
        return session;
    }

    public Shard shard() {
        return shard;
    }

    /** Makes the session known to the shard. */
    public void open() {
        call(Command.newBuilder().setOpenSession(OpenSession.getDefaultInstance()));
    }

    /** Ends every other session: for the only client of an embedded shard, whose earlier lives are over. */
    public void endOthers() {
        call(Command.newBuilder().setEndSessions(EndSessions.newBuilder().setOthersThan(session)));
    }

    /** Ends this session: what it holds open, its locks and leases are over. Nothing can be done with it afterwards. */
    public void end() {
        call(Command.newBuilder().setEndSessions(EndSessions.newBuilder().addSessions(session)));
    }

    /** Carries out one command and returns its reply; a failure is thrown. */
    public Reply call(final Command.Builder command) {
        final long sequence = window.begin();
        try {
            final byte[] bytes = command.setSession(session)
                    .setSequence(sequence)
                    .setAcknowledgedBelow(window.acknowledgedBelow())
                    .build()
                    .toByteArray();
            return NamespaceReplies.unwrap(send(bytes));
        } finally {
            window.end(sequence);
        }
    }

    private byte[] send(final byte[] command) {
        StorageException last = null;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                return await(shard.propose(command));
            } catch (final StorageException failed) {
                if (failed.failure() != Failure.TIMEOUT) {
                    throw failed;
                }
                last = failed;
            }
        }
        throw last;
    }

    private static byte[] await(final CompletableFuture<byte[]> reply) {
        try {
            return reply.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (final ExecutionException failed) {
            if (failed.getCause() instanceof final StorageException known) {
                throw known;
            }
            throw new IllegalStateException("a proposal failed unexpectedly", failed.getCause());
        } catch (final TimeoutException late) {
            throw new StorageException(Failure.TIMEOUT, "no reply from the shard within " + PATIENCE, late);
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while waiting for the shard", interrupted);
        }
    }

    /** Reads linearizably, on the calling thread. */
    public <T> T query(final Function<NamespaceQueries, T> query) {
        return shard.read(store -> query.apply(new NamespaceQueries(store)));
    }
}
