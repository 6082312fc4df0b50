package io.tarn.core.service;

import com.google.protobuf.ByteString;
import io.tarn.client.Administration;
import io.tarn.client.Credential;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.control.RemoteSession;
import io.tarn.core.control.RemoteSessions;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.OpenSession;
import io.tarn.core.protocol.Proofs;
import io.tarn.core.protocol.TakenOver;
import io.tarn.core.protocol.Unauthenticated;
import io.tarn.core.protocol.VolumeCodec;
import io.tarn.core.protocol.wire.ChallengeAnswer;
import io.tarn.core.protocol.wire.LockGranted;
import io.tarn.core.protocol.wire.Note;
import io.tarn.core.protocol.wire.OpenRequest;
import io.tarn.core.protocol.wire.Recall;
import io.tarn.core.protocol.wire.Renewed;
import io.tarn.core.protocol.wire.SessionGrant;
import io.tarn.core.protocol.wire.ShardPlace;
import io.tarn.core.session.ShardMap;
import io.tarn.core.session.ShardSession;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The sessions of connected clients. What a session is stands in the control group; what is here can be lost and is made again from a
 * token that is good: after a restart, or on another node.
 *
 * <p>Thread-safe. Recognising a token costs one probe of a hash table; the first time, an HMAC and a read of the control group.
 */
final class ClientSessions {
    private static final Duration TOKEN_AGE_MIN = Duration.ofMinutes(1);
    private static final int SECRET_ATTEMPT_BYTES = 32;
    /** Tokens remembered. */
    private static final int TOKENS_MAX = 1 << 16;
    /** A session is renewed at most so many times in its life without renewal, however often its client says that it is alive. */
    private static final int RENEWALS = 12;

    private final RemoteSessions control;
    private final Administration administration;
    private final ShardMap shards;
    private final Tokens tokens;
    private final Challenges challenges;
    private final ServiceLimits limits;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<Long, ClientSession> sessions = new ConcurrentHashMap<>();
    private final ReentrantLock admission = new ReentrantLock();

    /** A token that was found good. */
    private record Known(ClientSession session, long expiresMillis) {}

    ClientSessions(
            final ServiceParts parts,
            final ServiceLimits limits,
            final InstantSource clock,
            final LongSupplier nanoTime) {
        this.control = parts.sessions();
        this.administration = parts.administration();
        this.shards = parts.shards();
        this.tokens = new Tokens(parts.tokenKey());
        this.challenges = new Challenges(limits.challengeAge(), nanoTime);
        this.limits = limits;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    ChallengeAnswer challenge() {
        return ChallengeAnswer.newBuilder()
                .setServerNonce(ByteString.copyFrom(challenges.issue()))
                .build();
    }

    /** Opens a session, or lets its client back in, once the client has shown that it has the secret. */
    SessionGrant open(final OpenRequest request) {
        final Credential credential = authenticate(request);
        final RemoteSession session = request.getResume() == 0
                ? control.open(ttl(request.getTtlMillis()), request.getAccessKey())
                : own(request);
        return grant(admit(session, credential)).toBuilder()
                .setServerProof(ByteString.copyFrom(Proofs.ofNode(
                        credential.secret(),
                        request.getAccessKey(),
                        request.getServerNonce().toByteArray(),
                        request.getClientNonce().toByteArray())))
                .build();
    }

    private Credential authenticate(final OpenRequest request) {
        final byte[] serverNonce = request.getServerNonce().toByteArray();
        final boolean fresh = challenges.redeem(serverNonce);
        final Optional<Credential> credential = administration.credential(request.getAccessKey());
        // An unknown key takes as long as a wrong secret.
        final byte[] expected = Proofs.ofClient(
                credential.map(Credential::secret).orElse("x".repeat(SECRET_ATTEMPT_BYTES)),
                request.getAccessKey(),
                serverNonce,
                request.getClientNonce().toByteArray());
        final boolean proved =
                MessageDigest.isEqual(expected, request.getProof().toByteArray());
        if (!fresh || !proved || credential.isEmpty()) {
            throw new StorageException(Failure.PERMISSION_DENIED, "the access key or its secret is wrong");
        }
        return credential.get();
    }

    private static Duration ttl(final long millis) {
        final long ttl = Math.clamp(millis, RemoteSessions.TTL_MIN.toMillis(), RemoteSessions.TTL_MAX.toMillis());
        return Duration.ofMillis(ttl);
    }

    private RemoteSession own(final OpenRequest request) {
        final RemoteSession session = control.find(request.getResume()).orElseThrow(() -> over(request.getResume()));
        if (!session.accessKey().equals(request.getAccessKey())) {
            throw new StorageException(Failure.PERMISSION_DENIED, "the session is of another access key");
        }
        if (session.generation() != request.getGeneration()) {
            throw new TakenOver();
        }
        return control.renew(session.id());
    }

    private static StorageException over(final long id) {
        return new StorageException(Failure.STALE_SESSION, "session " + id + " is over");
    }

    /** The session as it is known here, from now on if it was not. */
    private ClientSession admit(final RemoteSession session, final Credential credential) {
        admission.lock();
        try {
            final ClientSession present = sessions.get(session.id());
            if (present != null && present.session().generation() == session.generation()) {
                return present;
            }
            final String tenant = credential.principal().tenant();
            final long ofTenant = sessions.values().stream()
                    .filter(other -> other.principal().tenant().equals(tenant))
                    .count();
            if (present == null && ofTenant >= limits.sessionsPerTenant()) {
                control.close(session.id());
                throw new StorageException(
                        Failure.UNAVAILABLE, "tenant " + tenant + " has " + ofTenant + " sessions already");
            }
            final ClientSession admitted = new ClientSession(session, credential.principal(), limits);
            admitted.seen(nanoTime.getAsLong());
            sessions.put(session.id(), admitted);
            if (present != null) {
                present.supersede();
                forget(present, new TakenOver());
            }
            return admitted;
        } finally {
            admission.unlock();
        }
    }

    private void forget(final ClientSession session, final StorageException why) {
        known.values().removeIf(token -> token.session().equals(session));
        session.end(why);
    }

    /** What a client is given. The session is made known to each shard, behind everything that was proposed for it before. */
    private SessionGrant grant(final ClientSession session) {
        final SessionGrant.Builder grant = SessionGrant.newBuilder()
                .setSession(session.id())
                .setToken(issue(session))
                .setGeneration(session.session().generation())
                .setTtlMillis(Duration.ofNanos(session.session().ttlNanos()).toMillis());
        VolumeCodec.put(session.principal(), grant);
        for (final ShardSession shard : shards.all()) {
            final Command open = Command.newBuilder()
                    .setSession(session.id())
                    .setOpenSession(OpenSession.getDefaultInstance())
                    .build();
            NamespaceReplies.unwrap(NamespaceReplies.of(CommandCalls.decide(shard.shard(), open.toByteArray())));
            grant.addShards(ShardPlace.newBuilder()
                    .setNumber(shard.shard().number())
                    .setNextSequence(
                            shard.shard().read(store -> new NamespaceQueries(store).nextSequence(session.id()))));
        }
        return grant.build();
    }

    private String issue(final ClientSession session) {
        final long age = Math.max(
                TOKEN_AGE_MIN.toMillis(),
                2 * Duration.ofNanos(session.session().ttlNanos()).toMillis());
        final long expires = clock.millis() + age;
        final String token = tokens.issue(new Tokens.Claims(
                session.id(),
                session.session().generation(),
                expires,
                session.session().accessKey()));
        remember(token, new Known(session, expires));
        return token;
    }

    /** A token that is not remembered is as good, and costs more each time. */
    private void remember(final String token, final Known its) {
        if (known.size() < TOKENS_MAX) {
            known.put(token, its);
        }
    }

    /**
     * Whose call this is.
     *
     * @throws StorageException {@link Unauthenticated} for what is no token of ours or too old, {@code STALE_SESSION} when the session
     *     is over or has another process
     */
    ClientSession of(final String token) {
        final Known found = known.get(token);
        if (found != null && clock.millis() <= found.expiresMillis()) {
            use(found.session());
            return found.session();
        }
        final Tokens.Claims claims = good(token);
        final RemoteSession session = control.find(claims.session()).orElseThrow(() -> over(claims.session()));
        if (session.generation() != claims.generation()) {
            throw new TakenOver();
        }
        final ClientSession admitted = admit(session, credential(claims.accessKey()));
        use(admitted);
        remember(token, new Known(admitted, claims.expiresMillis()));
        return admitted;
    }

    private Credential credential(final String accessKey) {
        return administration
                .credential(accessKey)
                .orElseThrow(() ->
                        new StorageException(Failure.PERMISSION_DENIED, "the access key is gone or was disabled"));
    }

    /**
     * Another process has the session from now on; whoever had it is refused. The token shown stays good for another take-over until the
     * new process makes its first call: it may end before it could hand its own on. What the former had under way is either
     * in the log before the grant or will never be, so the numbers of its commands can be gone on with.
     */
    SessionGrant takeOver(final String token) {
        final Tokens.Claims claims = good(token);
        final Credential credential = credential(claims.accessKey());
        try {
            return grant(admit(control.takeOver(claims.session(), claims.generation()), credential));
        } catch (final StorageException failed) {
            throw failed.failure() == Failure.CONFLICT ? new TakenOver() : failed;
        }
    }

    private Tokens.Claims good(final String token) {
        final Tokens.Claims claims = tokens.read(token);
        if (clock.millis() > claims.expiresMillis()) {
            throw new Unauthenticated("the token is too old");
        }
        return claims;
    }

    /** The first call after a take-over: from now on only this process can give the session away. */
    private void use(final ClientSession session) {
        if (!session.isInUse()) {
            try {
                control.use(session.id(), session.session().generation());
            } catch (final StorageException failed) {
                throw failed.failure() == Failure.CONFLICT ? new TakenOver() : failed;
            }
            session.inUse();
        }
    }

    /** The client is alive: so is its session, unless its access key is not good any more. */
    void heartbeat(final ClientSession session, final Notes notes) {
        session.seen(nanoTime.getAsLong());
        credential(session.session().accessKey());
        if (session.isRenewalDue(nanoTime.getAsLong(), session.session().ttlNanos() / RENEWALS)) {
            final RemoteSession renewed = control.renew(session.id());
            if (renewed.generation() != session.session().generation()) {
                throw new TakenOver();
            }
        }
        notes.send(Note.newBuilder()
                .setRenewed(Renewed.newBuilder().setToken(issue(session)))
                .build());
    }

    /** Ends a session with all that it holds. */
    void close(final ClientSession session) {
        control.close(session.id());
        shards.all().forEach(shard -> shard.end(List.of(session.id())));
        sessions.remove(session.id(), session);
        forget(session, new StorageException(Failure.STALE_SESSION, "the session was closed"));
    }

    /** A lock that was waited for is held. On the applying thread. */
    void granted(final long session, final long ticket) {
        final ClientSession its = sessions.get(session);
        if (its != null) {
            its.notes()
                    .send(Note.newBuilder()
                            .setLockGranted(LockGranted.newBuilder().setTicket(ticket))
                            .build());
        }
    }

    /** A directory that the session holds is wanted. */
    void recall(final long session, final long directory) {
        final ClientSession its = sessions.get(session);
        if (its != null) {
            its.notes()
                    .send(Note.newBuilder()
                            .setRecall(Recall.newBuilder().setDirectory(directory))
                            .build());
        }
    }

    /** Forgets clients that have been silent for longer than their sessions last, and old tokens. */
    void tick() {
        final long now = nanoTime.getAsLong();
        for (final ClientSession session : List.copyOf(sessions.values())) {
            if (now - session.seenNanos() > session.session().ttlNanos()) {
                sessions.remove(session.id(), session);
                forget(session, over(session.id()));
            }
        }
        final long millis = clock.millis();
        known.values().removeIf(token -> millis > token.expiresMillis());
    }

    /** Sessions of clients that are connected, or were not long ago. */
    int connected() {
        return sessions.size();
    }

    void close() {
        final StorageException stopping = new StorageException(Failure.UNAVAILABLE, "the node is being stopped");
        sessions.values().forEach(session -> session.end(stopping));
        sessions.clear();
        known.clear();
    }
}
