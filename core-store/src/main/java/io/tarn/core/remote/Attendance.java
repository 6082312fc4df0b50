package io.tarn.core.remote;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.ObjectReads;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.TokenHeader;
import io.tarn.core.protocol.wire.Heartbeat;
import io.tarn.core.protocol.wire.Note;
import io.tarn.core.protocol.wire.SessionGrant;
import io.tarn.core.session.LockWaiters;
import io.tarn.core.session.Names;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the session alive and listens to what the node tells it: one stream, begun again whenever it breaks. After that, and with each
 * heartbeat, what may have been missed is asked for: locks that were granted meanwhile; and pins that the node has forgotten are taken again.
 * One daemon thread.
 */
final class Attendance implements AutoCloseable {
    /** Heartbeats in the life of a session that is not renewed. */
    private static final int BEATS = 3;

    private static final Duration REATTACH_PAUSE = Duration.ofMillis(50);
    private static final Duration REATTACH_PAUSE_MAX = Duration.ofSeconds(2);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);

    private final Link link;
    private final Names names;
    private final LockWaiters waiters;
    private final RemotePins pins;
    private final LongConsumer recalls;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** @param recalls hears which directories are to be given back */
    Attendance(
            final Link link,
            final Names names,
            final LockWaiters waiters,
            final RemotePins pins,
            final LongConsumer recalls) {
        this.link = link;
        this.names = names;
        this.waiters = waiters;
        this.pins = pins;
        this.recalls = recalls;
        this.thread = Thread.ofPlatform().daemon().name("rpc-attend").unstarted(this::run);
    }

    /** Begins, and waits until the node listens. */
    void start() {
        thread.start();
    }

    private void run() {
        Duration pause = REATTACH_PAUSE;
        while (!isClosing(Duration.ZERO)) {
            final SessionGrant grant = link.grant();
            final long begun = System.nanoTime();
            try {
                attend(grant);
            } catch (final StorageException lost) {
                LOG.debug("the node does not listen to session {}: {}", grant.getSession(), lost.getMessage());
                recover(grant, lost);
            }
            final boolean brief = System.nanoTime() - begun < REATTACH_PAUSE_MAX.toNanos();
            pause = brief ? twice(pause) : REATTACH_PAUSE;
            if (isClosing(pause)) {
                return;
            }
            link.hurry();
        }
    }

    private static Duration twice(final Duration pause) {
        final Duration longer = pause.multipliedBy(2);
        return longer.compareTo(REATTACH_PAUSE_MAX) < 0 ? longer : REATTACH_PAUSE_MAX;
    }

    private void recover(final SessionGrant grant, final StorageException lost) {
        if (lost.failure() != Failure.PERMISSION_DENIED && lost.failure() != Failure.STALE_SESSION) {
            return;
        }
        try {
            link.refused(grant, lost);
        } catch (final StorageException later) {
            LOG.debug("session {} is not renewed yet: {}", grant.getSession(), later.getMessage());
        }
        if (lost.failure() == Failure.STALE_SESSION) {
            waiters.fail(grant.getSession(), lost);
        }
    }

    /** Until the stream breaks. */
    private void attend(final SessionGrant grant) {
        final Stream stream = new Stream(grant.getSession());
        final ClientCall<Heartbeat, Note> call = link.stream(Methods.ATTEND);
        call.start(stream, TokenHeader.of(grant.getToken()));
        call.request(Integer.MAX_VALUE);
        call.sendMessage(Heartbeat.getDefaultInstance());
        try {
            stream.await(Duration.ofMillis(grant.getTtlMillis()));
            pins.retake();
            handOn();
            askForGrants();
            final Duration beat = Duration.ofMillis(Math.max(1, grant.getTtlMillis() / BEATS));
            while (!stream.endedWithin(beat)) {
                call.sendMessage(Heartbeat.getDefaultInstance());
                handOn();
                askForGrants();
            }
        } finally {
            call.cancel("the client listens no longer", null);
        }
    }

    /** Whoever keeps tokens may be gone; the session is not. */
    private void handOn() {
        try {
            link.handOn();
        } catch (final RuntimeException failed) {
            LOG.warn("a new token of session {} could not be handed on", link.session(), failed);
        }
    }

    /** A lock that stands in line here, and not at the shard, is held: what went over the stream that broke is lost. */
    private void askForGrants() {
        for (final LockWaiters.InLine lock : waiters.inLine()) {
            final boolean waits = names.queryAt(lock.inode(), (ObjectReads queries) -> queries.nodes()
                    .isWaiting(lock.inode(), lock.session(), lock.ticket()));
            if (!waits && link.session() == lock.session()) {
                waiters.granted(lock.session(), lock.ticket());
            }
        }
    }

    private boolean isClosing(final Duration wait) {
        try {
            return closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (final InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits until it does not call any more, for what it calls through is closed next. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            if (!thread.join(CLOSE_PATIENCE)) {
                LOG.warn("the session's stream does not end");
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Told on the event loop. */
    private final class Stream extends ClientCall.Listener<Note> {
        private final long session;
        private final CompletableFuture<Boolean> heard = new CompletableFuture<>();
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

        Stream(final long session) {
            this.session = session;
        }

        @Override
        public void onMessage(final Note note) {
            switch (note.getNoteCase()) {
                case RENEWED -> {
                    link.renewed(session, note.getRenewed().getToken());
                    heard.complete(true);
                }
                case LOCK_GRANTED ->
                    waiters.granted(session, note.getLockGranted().getTicket());
                case RECALL -> recalls.accept(note.getRecall().getDirectory());
                case NOTE_NOT_SET -> LOG.debug("a note of a later release");
            }
        }

        @Override
        public void onClose(final Status status, final Metadata trailers) {
            final StorageException failure = Pending.failure(status, trailers);
            ended.completeExceptionally(failure);
            heard.completeExceptionally(failure);
        }

        /** Until the node has heard of the session. */
        void await(final Duration timeout) {
            if (!completedWithin(heard, timeout)) {
                throw new LostCall("the node does not listen");
            }
        }

        /** Waits; throws what the stream ended with, if it did. */
        boolean endedWithin(final Duration time) {
            return completedWithin(ended, time);
        }

        private static boolean completedWithin(final CompletableFuture<Boolean> future, final Duration time) {
            try {
                return future.get(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (final TimeoutException notYet) {
                return false;
            } catch (final ExecutionException failed) {
                if (failed.getCause() instanceof final StorageException known) {
                    throw known;
                }
                throw new IllegalStateException("a stream failed unexpectedly", failed.getCause());
            } catch (final InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new StorageException(Failure.UNAVAILABLE, "the client is being closed", stopped);
            }
        }
    }
}
