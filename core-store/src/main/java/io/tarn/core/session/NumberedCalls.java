package io.tarn.core.session;

import io.tarn.client.CommandTrail;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.OpenSession;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.shard.Proposals;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's commands to one shard, numbered, so that sending one again after a lost reply is harmless; that is done here, within
 * bounds, and callers see only final outcomes. Thread-safe; calls block (made for virtual threads).
 *
 * <p>The session's identity comes from the control group. When that has given the client another one, because the old was expired,
 * the next command that finds the old session gone goes on with the new.
 */
public final class NumberedCalls {
    private static final Duration BACK_OFF_MIN = Duration.ofMillis(5);
    private static final Duration BACK_OFF_MAX = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(NumberedCalls.class);

    private final Proposals shard;
    private final LongSupplier sessions;
    private final Resending resending;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile Numbering numbering = new Numbering(0, new SequenceWindow(1));

    /** A session and the numbers of its commands. */
    private record Numbering(long session, SequenceWindow window) {}

    /** @param sessions the client's present session id from the control group; an id is never given out twice */
    public NumberedCalls(final Proposals shard, final LongSupplier sessions, final Resending resending) {
        this.shard = shard;
        this.sessions = sessions;
        this.resending = resending;
    }

    /** Number of the shard. */
    public int number() {
        return shard.number();
    }

    /** The session that commands are sent under; 0 before {@link #open}. */
    public long session() {
        return numbering.session();
    }

    /** Makes the session known to the shard. */
    public void open() {
        reopen(numbering);
    }

    /** Goes on with a session that the shard knows already, whose commands so far had numbers below {@code next}. */
    public void resume(final long session, final long next) {
        numbering = new Numbering(session, new SequenceWindow(next));
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
                numbering = new Numbering(session, new SequenceWindow(1));
            }
        } finally {
            opening.unlock();
        }
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
        return resending.goesOn()
                ? NamespaceReplies.of(attempt(command, numbering).reply())
                : reply;
    }

    private Sent attempt(final Command.Builder command, final Numbering used) {
        final long sequence = used.window().begin();
        try {
            final Optional<CommandTrail> trail = Trailed.of(command);
            trail.ifPresent(noted -> noted.sending(shard.number(), sequence));
            final Sent sent = send(command.setSession(used.session())
                    .setSequence(sequence)
                    .setAcknowledgedBelow(used.window().acknowledgedBelow())
                    .build()
                    .toByteArray());
            // before the end, after which the shard may be told to forget the reply
            trail.ifPresent(
                    noted -> Trailed.outcome(NamespaceReplies.of(sent.reply())).ifPresent(noted::done));
            return sent;
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
        final long deadline = System.nanoTime() + resending.patience().toNanos();
        long pause = BACK_OFF_MIN.toNanos();
        StorageException unknown = null;
        for (int attempt = 1; ; attempt++) {
            StorageException last;
            try {
                return new Sent(await(shard.propose(command)), unknown != null);
            } catch (final StorageException failed) {
                final boolean waits = resending.alsoUnavailable() && failed.failure() == Failure.UNAVAILABLE;
                if (failed.failure() != Failure.TIMEOUT && !waits && unknown == null) {
                    throw failed;
                }
                if (failed.failure() == Failure.TIMEOUT && unknown == null) {
                    // what comes of a later attempt says nothing of an earlier one, which may be carried out yet
                    unknown = failed;
                }
                last = failed;
            }
            if (Thread.currentThread().isInterrupted()
                    || (attempt >= resending.attemptsMin() && System.nanoTime() - deadline >= 0)) {
                throw unknown == null ? last : new StorageException(Failure.TIMEOUT, unknown.getMessage(), unknown);
            }
            if (resending.alsoUnavailable()) {
                backOff(pause);
                pause = Math.min(BACK_OFF_MAX.toNanos(), 2 * pause);
            }
        }
    }

    private static void backOff(final long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(nanos / 2, nanos));
        } catch (final InterruptedException interrupted) {
            // the caller of this looks at the flag
            Thread.currentThread().interrupt();
        }
    }

    /** Without a limit of its own, which would cost a timer a command: whoever takes the proposal gives it an outcome in time. */
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
}
