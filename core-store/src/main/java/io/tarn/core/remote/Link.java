package io.tarn.core.remote;

import com.google.protobuf.ByteString;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.Proofs;
import io.tarn.core.protocol.TakenOver;
import io.tarn.core.protocol.TokenHeader;
import io.tarn.core.protocol.Unauthenticated;
import io.tarn.core.protocol.wire.ChallengeRequest;
import io.tarn.core.protocol.wire.CloseRequest;
import io.tarn.core.protocol.wire.OpenRequest;
import io.tarn.core.protocol.wire.SessionGrant;
import io.tarn.core.protocol.wire.TakeOverRequest;
import java.net.SocketAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's session with a node, and calls in its name. Calls that only ask, or may be repeated, are tried again for as long as the
 * client has patience; commands are sent once, for they are numbered elsewhere.
 *
 * <p>A token that has become too old is replaced by proving the secret again. When the session is over the call that finds out fails with
 * {@code STALE_SESSION}, and the next ones go on in another session; not so when another process has taken it over: then all fail.
 * Thread-safe; calls block.
 */
final class Link implements AutoCloseable {
    private static final Duration PAUSE_MIN = Duration.ofMillis(5);
    private static final Duration PAUSE_MAX = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final Wire wire;
    private final Optional<KeyPair> keys;
    private final RemoteOptions options;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock opening = new ReentrantLock();
    private final Consumer<String> handOn;
    private volatile String handedOn = "";
    private volatile SessionGrant grant = SessionGrant.getDefaultInstance();
    private volatile boolean takenOver;
    private volatile boolean closed;

    private Link(
            final SocketAddress address,
            final Optional<KeyPair> keys,
            final RemoteOptions options,
            final Consumer<String> handOn) {
        this.handOn = handOn;
        this.wire = new Wire(address, options);
        this.keys = keys;
        this.options = options;
    }

    /** Opens a session. */
    static Link open(
            final SocketAddress address,
            final KeyPair keys,
            final RemoteOptions options,
            final Consumer<String> handOn) {
        final Link link = new Link(address, Optional.of(keys), options, handOn);
        link.begin(() -> link.prove(keys, 0, 0));
        return link;
    }

    /** Takes over the session that a token speaks of; {@code keys} are for when the token's successors have become too old. */
    static Link takeOver(
            final SocketAddress address,
            final String token,
            final Optional<KeyPair> keys,
            final RemoteOptions options,
            final Consumer<String> handOn) {
        final Link link = new Link(address, keys, options, handOn);
        link.begin(() ->
                link.wire.attempt(Methods.TAKE_OVER, TakeOverRequest.getDefaultInstance(), TokenHeader.of(token)));
        return link;
    }

    private interface Opening {
        SessionGrant open();
    }

    private void begin(final Opening opening) {
        boolean begun = false;
        try {
            grant = patiently(opening::open);
            handOn();
            begun = true;
        } finally {
            if (!begun) {
                wire.close();
            }
        }
    }

    private SessionGrant prove(final KeyPair pair, final long resume, final long generation) {
        final byte[] serverNonce = wire.attempt(
                        Methods.CHALLENGE,
                        ChallengeRequest.newBuilder()
                                .setAccessKey(pair.accessKey())
                                .build(),
                        new Metadata())
                .getServerNonce()
                .toByteArray();
        final byte[] clientNonce = new byte[Proofs.NONCE_BYTES];
        random.nextBytes(clientNonce);
        final SessionGrant granted = wire.attempt(
                Methods.OPEN,
                OpenRequest.newBuilder()
                        .setAccessKey(pair.accessKey())
                        .setServerNonce(ByteString.copyFrom(serverNonce))
                        .setClientNonce(ByteString.copyFrom(clientNonce))
                        .setProof(ByteString.copyFrom(
                                Proofs.ofClient(pair.secret(), pair.accessKey(), serverNonce, clientNonce)))
                        .setTtlMillis(options.sessionTtl().toMillis())
                        .setResume(resume)
                        .setGeneration(generation)
                        .build(),
                new Metadata());
        final byte[] expected = Proofs.ofNode(pair.secret(), pair.accessKey(), serverNonce, clientNonce);
        if (!MessageDigest.isEqual(expected, granted.getServerProof().toByteArray())) {
            throw new StorageException(
                    Failure.PERMISSION_DENIED, "the node does not know the secret of the access key");
        }
        return granted;
    }

    SessionGrant grant() {
        return grant;
    }

    /** The present session; another one after it was lost. */
    long session() {
        return grant.getSession();
    }

    /** A newer token of the same session. */
    void renewed(final long session, final String token) {
        opening.lock();
        try {
            if (grant.getSession() == session) {
                grant = grant.toBuilder().setToken(token).build();
            }
        } finally {
            opening.unlock();
        }
    }

    /** Tells who keeps tokens of a new one. */
    void handOn() {
        final String token = grant.getToken();
        if (!token.equals(handedOn)) {
            handOn.accept(token);
            handedOn = token;
        }
    }

    /** A call that may be repeated. */
    <Q, A> A call(final MethodDescriptor<Q, A> method, final Q question) {
        return patiently(() -> once(method, question, options.attemptTimeout()));
    }

    /** The same, which the node answers after a while. */
    <Q, A> A call(final MethodDescriptor<Q, A> method, final Q question, final Duration answerAfter) {
        return patiently(() -> once(method, question, options.attemptTimeout().plus(answerAfter)));
    }

    /** A call that is sent once, or again when the node has refused to look at it. */
    <Q, A> A once(final MethodDescriptor<Q, A> method, final Q question) {
        return once(method, question, options.attemptTimeout());
    }

    private <Q, A> A once(final MethodDescriptor<Q, A> method, final Q question, final Duration timeout) {
        requireUsable();
        final SessionGrant used = grant;
        try {
            return wire.attempt(method, question, TokenHeader.of(used.getToken()), timeout);
        } catch (final Unauthenticated old) {
            refused(used, old);
            return wire.attempt(method, question, TokenHeader.of(grant.getToken()), timeout);
        } catch (final StorageException failed) {
            if (failed.failure() == Failure.STALE_SESSION) {
                refused(used, failed);
            } else if (failed instanceof LostCall) {
                wire.hurry();
            }
            throw failed;
        }
    }

    private void requireUsable() {
        if (takenOver) {
            throw new TakenOver();
        }
        if (closed) {
            throw new StorageException(Failure.UNAVAILABLE, "the client is closed");
        }
    }

    /** What was granted is good no longer: proves itself again, in the same session if that is there. */
    void refused(final SessionGrant used, final StorageException why) {
        if (why instanceof TakenOver) {
            takenOver = true;
            return;
        }
        opening.lock();
        try {
            if (!grant.getToken().equals(used.getToken()) || closed) {
                return;
            }
            final KeyPair pair = keys.orElseThrow(() -> why);
            if (why.failure() != Failure.STALE_SESSION) {
                try {
                    grant = prove(pair, used.getSession(), used.getGeneration());
                    return;
                } catch (final TakenOver gone) {
                    takenOver = true;
                    throw gone;
                } catch (final StorageException failed) {
                    if (failed.failure() != Failure.STALE_SESSION) {
                        throw failed;
                    }
                }
            }
            grant = prove(pair, 0, 0);
            LOG.warn("session {} is over; the client goes on with {}", used.getSession(), grant.getSession());
        } finally {
            opening.unlock();
        }
    }

    private <T> T patiently(final Attempt<T> attempt) {
        final long deadline = System.nanoTime() + options.patience().toNanos();
        long pause = PAUSE_MIN.toNanos();
        while (true) {
            try {
                return attempt.run();
            } catch (final StorageException failed) {
                final boolean again = failed.failure() == Failure.UNAVAILABLE || failed.failure() == Failure.TIMEOUT;
                if (!again || closed || Thread.currentThread().isInterrupted() || System.nanoTime() - deadline >= 0) {
                    throw failed;
                }
            }
            pause(pause);
            pause = Math.min(PAUSE_MAX.toNanos(), 2 * pause);
            wire.hurry();
        }
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run();
    }

    private static void pause(final long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(nanos / 2, nanos));
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while the node was away", interrupted);
        }
    }

    /** A call of many messages, under a token that is to be {@linkplain #refused reported} when it is not taken. */
    <Q, A> ClientCall<Q, A> stream(final MethodDescriptor<Q, A> method) {
        requireUsable();
        return wire.stream(method);
    }

    /** The next call tries to connect at once. */
    void hurry() {
        wire.hurry();
    }

    /** Ends the session with all that it holds, if the node can be reached. */
    void endSession() {
        if (!takenOver && !closed) {
            try {
                once(Methods.CLOSE, CloseRequest.getDefaultInstance());
            } catch (final StorageException left) {
                LOG.debug("session {} is left to expire: {}", session(), left.getMessage());
            }
        }
    }

    /** Leaves the session as it is, to expire or to be taken over. */
    @Override
    public void close() {
        closed = true;
        wire.close();
    }
}
