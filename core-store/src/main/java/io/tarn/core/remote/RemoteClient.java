package io.tarn.core.remote;

import io.tarn.client.Administration;
import io.tarn.client.ChangeFeed;
import io.tarn.client.CommandTrail;
import io.tarn.client.Delegations;
import io.tarn.client.Inodes;
import io.tarn.client.Leases;
import io.tarn.client.Locks;
import io.tarn.client.ObjectStore;
import io.tarn.client.Principal;
import io.tarn.client.TarnClient;
import io.tarn.core.StorageException;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.protocol.Transport;
import io.tarn.core.protocol.VolumeCodec;
import io.tarn.core.session.LockWaiters;
import io.tarn.core.session.SessionClient;
import io.tarn.core.session.VolumeWriters;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of a node in another process: over TCP or a Unix socket, through lost connections and restarts of the node. It loads nothing of
 * consensus or of the stores of names. Thread-safe; an event loop and three threads of its own.
 */
public final class RemoteClient implements TarnClient {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(RemoteClient.class);

    private final Link link;
    private final RemoteNames names;
    private final LockWaiters waiters = new LockWaiters();
    private final RemotePins pins;
    private final AppendStream appends;
    private final LocalExtents files;
    private final VolumeWriters writers;
    private final SessionClient client;
    private final Attendance attendance;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rpc-upkeep").factory());
    private final Future<?> ticks;
    /** For what waits for the node when it is away. */
    private final ScheduledExecutorService roundTicker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rpc-handles").factory());

    private final Future<?> rounds;

    private RemoteClient(final Link link, final RemoteOptions options) {
        this.link = link;
        this.pins = new RemotePins(link, System::nanoTime);
        this.appends = new AppendStream(link, options.appendBytesInFlight(), System::nanoTime);
        this.files = options.localReads() ? LocalExtents.find(link) : LocalExtents.none();
        this.names = new RemoteNames(link, pins, options.patience());
        final RemoteExtents extents = new RemoteExtents(link, appends, files);
        this.writers =
                new VolumeWriters(names, extents, new BufferPool(options.bufferBytes()), options.inlineMaxBytes());
        this.client = new SessionClient(
                new RemoteAdministration(link), names, new RemoteChangeFeed(link), writers, extents, waiters);
        this.attendance = new Attendance(link, names, waiters, pins, client::recall);
        attendance.start();
        this.ticks = ticker.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        this.rounds = roundTicker.scheduleWithFixedDelay(
                this::round, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Connects and opens a session.
     *
     * @param endpoint {@code host:port} or {@code unix:/path}
     * @throws io.tarn.core.StorageException {@code PERMISSION_DENIED} when the node does not know the keys, {@code UNAVAILABLE} when it
     *     cannot be reached for as long as the options say
     */
    public static RemoteClient connect(final String endpoint, final KeyPair keys, final RemoteOptions options) {
        return connect(endpoint, keys, options, token -> {});
    }

    /**
     * The same.
     *
     * @param handOn is told the token before it is used, and each newer one: for who keeps tokens for a process that may come after this one. Called on one
     *     thread at a time; must not block for long
     */
    public static RemoteClient connect(
            final String endpoint, final KeyPair keys, final RemoteOptions options, final Consumer<String> handOn) {
        return new RemoteClient(Link.open(Transport.address(endpoint), keys, options, handOn), options);
    }

    /**
     * Goes on with another process's session, what that holds open included; from now on that process is refused.
     *
     * @param token the other's {@link #token}
     * @param keys for when the session has to be opened anew
     * @param handOn as for {@link #connect}. Until it has been told the new token, the one before is good for another take-over, and a moment
     *     later no more: who keeps tokens for a process that may die keeps them from here, and loses the session in no case. What it throws is thrown
     *     on, and nothing has happened
     */
    public static RemoteClient takeOver(
            final String endpoint,
            final String token,
            final Optional<KeyPair> keys,
            final RemoteOptions options,
            final Consumer<String> handOn) {
        final Link link = Link.takeOver(Transport.address(endpoint), token, keys, options, handOn);
        return new RemoteClient(link, options);
    }

    private void tick() {
        pins.tick();
        appends.tick();
        files.tick();
        writers.tick(System.nanoTime());
    }

    private void round() {
        try {
            round(System.nanoTime());
        } catch (final StorageException later) {
            LOG.debug("the node is not told of files that are read: {}", later.getMessage());
        }
    }

    /**
     * Tells the node of files that this client has had open for reading for a while, as it does by itself every second.
     *
     * @param nowNanos of {@link System#nanoTime}
     * @return whether there is more to tell
     */
    public boolean round(final long nowNanos) {
        return client.round(nowNanos);
    }

    /** Files open for reading that hold space back until the node is told of them. */
    public int pinnedFiles() {
        return client.pinnedFiles();
    }

    /** Files open for reading that the node was told of. */
    public long heldFiles() {
        return client.heldFiles();
    }

    /** By which another process can take the session over; good for about two lives of a session. To be kept secret. */
    public String token() {
        return link.grant().getToken();
    }

    /** What came of commands of the process that had the session before; to be asked before anything is changed through this client. */
    public CommandTrail.Outcomes outcomes() {
        return names::outcome;
    }

    /** The session; another one once it was lost. */
    public long session() {
        return link.session();
    }

    /** On whose behalf this client acts. */
    public Principal principal() {
        return VolumeCodec.principal(link.grant());
    }

    /** Reads that went to files of this machine. */
    public long localReads() {
        return files.reads();
    }

    @Override
    public Administration administration() {
        return client.administration();
    }

    @Override
    public ObjectStore objects() {
        return client.objects();
    }

    @Override
    public Inodes inodes() {
        return client.inodes();
    }

    @Override
    public Locks locks() {
        return client.locks();
    }

    @Override
    public Leases leases() {
        return client.leases();
    }

    @Override
    public Delegations delegations() {
        return client.delegations();
    }

    @Override
    public ChangeFeed changes() {
        return client.changes();
    }

    /** Leaves without ending the session: open files and locks stay, for another process to take over or until they expire. */
    public void leave() {
        try {
            client.holdReaders();
        } catch (final StorageException unknown) {
            LOG.warn("files that are read are not known to the node: {}", unknown.getMessage());
        }
        close(/* end= */ false);
    }

    @Override
    public void close() {
        close(/* end= */ true);
    }

    private void close(final boolean end) {
        ticks.cancel(false);
        ticker.shutdown();
        rounds.cancel(true);
        roundTicker.shutdown();
        client.close();
        attendance.close();
        if (end) {
            link.endSession();
        }
        appends.close();
        link.close();
        files.close();
    }
}
