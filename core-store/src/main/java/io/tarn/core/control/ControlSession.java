package io.tarn.core.control;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.shard.Shard;
import io.tarn.core.wire.CloseSession;
import io.tarn.core.wire.ControlCommand;
import io.tarn.core.wire.ControlReply;
import io.tarn.core.wire.ExpireSession;
import io.tarn.core.wire.OpenSession;
import io.tarn.core.wire.RenewSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proposes commands to the control group so that each takes effect once, whatever is lost or repeated on the way: a command keeps its
 * (session, sequence) through all its attempts. Renews its session, and has the log expire those of others.
 *
 * <p>Thread-safe; calls block, {@value #MAX_IN_FLIGHT} commands are under way at most. One daemon thread of its own.
 */
public final class ControlSession implements AutoCloseable {
    static final Duration TTL = Duration.ofSeconds(30);
    static final int MAX_IN_FLIGHT = 64;
    /** How long one command is tried before the caller is told. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(ControlSession.class);

    private final Shard shard;
    private final ControlView view;
    private final InstantSource clock;
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final ReentrantLock opening = new ReentrantLock();
    private final ScheduledExecutorService heartbeat = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("control-session").factory());
    private final ScheduledFuture<?> beats;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Numbering numbering = Numbering.NONE;

    /** Begins to renew; the session itself is opened when it is first needed. */
    public ControlSession(final Shard shard, final ControlView view, final InstantSource clock) {
        this.shard = shard;
        this.view = view;
        this.clock = clock;
        final long period = TTL.toMillis() / 3;
        this.beats = heartbeat.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    /**
     * Identity of the session, which the log gives out once: also what the client is called in the other shards. It changes when
     * the session was lost; what belonged to the old one is then gone.
     *
     * @throws StorageException when none is open and none can be opened
     */
    public long id() {
        return open().session;
    }

    /** Whether the log has a session of that id, neither closed nor expired. One that was over is never open again. */
    public boolean isOpen(final long id) {
        return shard.read(
                store -> store.get(ControlKeys.FAMILY, ControlKeys.session(id)).isPresent());
    }

    /**
     * Carries out a command once.
     *
     * @throws StorageException the failure in the reply, or TIMEOUT when it is unknown whether the command took effect
     */
    ControlReply call(final ControlCommand.Builder command) {
        inFlight.acquireUninterruptibly();
        try {
            return checked(attempt(command));
        } finally {
            inFlight.release();
        }
    }

    private ControlReply attempt(final ControlCommand.Builder command) {
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        Numbering current = open();
        long sequence = current.begin();
        boolean uncertain = false;
        try {
            while (true) {
                command.setSession(current.session).setSequence(sequence).setAcknowledged(current.lowest());
                try {
                    final ControlReply reply = propose(command);
                    if (!reply.hasFailure() || failure(reply) != Failure.STALE_SESSION) {
                        return reply;
                    }
                    if (uncertain) {
                        throw new StorageException(
                                Failure.TIMEOUT, "the session ended before the outcome of a command was known");
                    }
                    current.end(sequence);
                    current = reopen(current);
                    sequence = current.begin();
                } catch (final StorageException e) {
                    uncertain |= e.failure() == Failure.TIMEOUT;
                    final boolean again = e.failure() == Failure.TIMEOUT || e.failure() == Failure.UNAVAILABLE;
                    if (!again || System.nanoTime() - deadline > 0) {
                        throw e;
                    }
                    pause();
                }
            }
        } finally {
            current.end(sequence);
        }
    }

    private Numbering open() {
        final Numbering current = numbering;
        return current == Numbering.NONE ? reopen(current) : current;
    }

    /** Opens a session in place of {@code stale}, unless another thread has done so. */
    private Numbering reopen(final Numbering stale) {
        opening.lock();
        try {
            if (numbering == stale) {
                final var command = ControlCommand.newBuilder()
                        .setOpenSession(OpenSession.newBuilder().setTtlNanos(TTL.toNanos()));
                numbering = new Numbering(checked(propose(command)).getSession().getId());
            }
            return numbering;
        } finally {
            opening.unlock();
        }
    }

    private ControlReply propose(final ControlCommand.Builder command) {
        try {
            final byte[] reply =
                    shard.propose(command.build().toByteArray()).get(REPLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return ControlReply.parseFrom(reply);
        } catch (final TimeoutException e) {
            throw new StorageException(Failure.TIMEOUT, "the control group gave no reply in time", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.TIMEOUT, "interrupted while the control group decided", e);
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof StorageException storage) {
                throw storage;
            }
            throw new StorageException(Failure.UNAVAILABLE, "the control group failed", e.getCause());
        } catch (final InvalidProtocolBufferException e) {
            throw new IllegalStateException("the control group's reply does not parse", e);
        }
    }

    private static ControlReply checked(final ControlReply reply) {
        if (reply.hasFailure()) {
            throw new StorageException(failure(reply), reply.getFailure().getMessage());
        }
        return reply;
    }

    private static Failure failure(final ControlReply reply) {
        return Failure.valueOf(reply.getFailure().getFailure());
    }

    private void beat() {
        try {
            if (numbering != Numbering.NONE) {
                call(ControlCommand.newBuilder().setRenewSession(RenewSession.getDefaultInstance()));
            }
            final var now = clock.instant();
            final long nowNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
            for (final long expired : view.sessionsExpiredAt(nowNanos)) {
                call(ControlCommand.newBuilder()
                        .setExpireSession(ExpireSession.newBuilder().setId(expired)));
            }
        } catch (final StorageException e) {
            // the next beat tries again; a session that is lost is opened anew by the next command
            LOG.warn("control session not renewed: {}", e.getMessage());
        }
    }

    private void pause() {
        try {
            if (closing.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StorageException(Failure.UNAVAILABLE, "the session with the control group is closed");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.TIMEOUT, "interrupted while waiting for the control group", e);
        }
    }

    /** Ends the session if the control group still answers; it expires by itself otherwise. */
    @Override
    public void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        beats.cancel(true);
        heartbeat.shutdownNow();
        final Numbering current = numbering;
        if (current == Numbering.NONE) {
            return;
        }
        try {
            propose(ControlCommand.newBuilder()
                    .setSession(current.session)
                    .setSequence(current.begin())
                    .setCloseSession(CloseSession.getDefaultInstance()));
        } catch (final StorageException e) {
            LOG.debug("control session {} left to expire: {}", current.session, e.getMessage());
        }
    }

    /** The sequences of one session and which of them are under way. */
    private static final class Numbering {
        static final Numbering NONE = new Numbering(0);

        final long session;
        private final NavigableSet<Long> open = new TreeSet<>();
        private long next = 1;

        Numbering(final long session) {
            this.session = session;
        }

        synchronized long begin() {
            open.add(next);
            return next++;
        }

        synchronized long lowest() {
            return open.isEmpty() ? next : open.first();
        }

        synchronized void end(final long sequence) {
            open.remove(sequence);
        }
    }
}
