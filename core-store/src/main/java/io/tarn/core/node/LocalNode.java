package io.tarn.core.node;

import io.tarn.client.TarnClient;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.control.ControlClient;
import io.tarn.core.control.ControlSession;
import io.tarn.core.control.ControlState;
import io.tarn.core.control.ControlView;
import io.tarn.core.control.MasterKey;
import io.tarn.core.control.RemoteSessions;
import io.tarn.core.control.SecretSeal;
import io.tarn.core.control.VolumePlace;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.ExtentStoreOptions;
import io.tarn.core.file.RealFiles;
import io.tarn.core.fsck.Fsck;
import io.tarn.core.keeper.NodeKeeper;
import io.tarn.core.keeper.Quarantine;
import io.tarn.core.kv.RocksResources;
import io.tarn.core.namespace.LockListener;
import io.tarn.core.namespace.NamespaceState;
import io.tarn.core.service.NodeService;
import io.tarn.core.service.ServiceLimits;
import io.tarn.core.service.ServiceParts;
import io.tarn.core.session.BlockReader;
import io.tarn.core.session.FeedSignal;
import io.tarn.core.session.LockWaiters;
import io.tarn.core.session.Names;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.Recalls;
import io.tarn.core.session.SessionClient;
import io.tarn.core.session.ShardChangeFeed;
import io.tarn.core.session.ShardMap;
import io.tarn.core.session.ShardNames;
import io.tarn.core.session.ShardSession;
import io.tarn.core.session.ShardVolumeRoots;
import io.tarn.core.session.VolumeWriters;
import io.tarn.core.shard.NodeOptions;
import io.tarn.core.shard.RatisNode;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.ShardSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An embedded node: control group and shards (one, unless said otherwise) as groups of one member, one extent store, and a client in the same process.
 * What it opened last it closes first. Thread-safe once started.
 */
public final class LocalNode implements AutoCloseable {
    private static final int CONTROL = 0;
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);
    /** For clients of an earlier life of this node to come back. */
    private static final Duration CLIENTS_GRACE = Duration.ofSeconds(30);

    private static final long POLL_NANOS = 2_000_000;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Shard control;
    private final List<ShardSession> sessions = new ArrayList<>();
    private ShardNames names;
    private ExtentStore extents;
    private ControlClient administration;
    private SessionClient client;
    private final Set<SessionClient> clients = ConcurrentHashMap.newKeySet();
    private NodeKeeper keeper;
    private RemoteSessions remoteSessions;
    private Path extentDirectory;
    private byte[] tokenKey;
    private volatile LockListener remoteGrants = LockListener.NONE;
    private VolumeWriters writers;
    private BlockReader blocks;
    private ShardMap shards;
    private ControlView view;
    private BufferPool buffers;
    private int inlineMaxBytes;
    private final FeedSignal signal = new FeedSignal();
    private final LockWaiters waiters = new LockWaiters();
    private final Recalls recalls = new Recalls(System::nanoTime);

    private LocalNode() {}

    private void open(final NodeSettings settings) throws IOException {
        final Path data = settings.dataDirectory();
        this.extentDirectory = Files.createDirectories(data.resolve("extents"));
        final SecretSeal seal = MasterKey.readOrCreate(data.resolve("master.key"));
        this.tokenKey = seal.derivedKey("tarn session tokens 1");
        this.view = new ControlView(seal);
        final RocksResources rocks = open(
                new RocksResources(new RocksResources.Sizes(settings.blockCacheBytes(), settings.writeBufferBytes())));
        requireEnoughShards(data.resolve("store"), settings.shardCount());
        final List<Integer> numbers =
                IntStream.rangeClosed(1, settings.shardCount()).boxed().toList();
        final List<ShardSpec> specs = new ArrayList<>();
        specs.add(ShardSpec.alone(CONTROL, new ControlState(view)));
        numbers.forEach(
                number -> specs.add(ShardSpec.alone(number, new NamespaceState(number, signal::news, this::granted))));
        final RatisNode raft = open(RatisNode.start(
                new NodeOptions(
                        "node-1",
                        settings.logDirectory(),
                        data.resolve("store"),
                        NodeOptions.LOOPBACK,
                        0,
                        settings.shards()),
                specs,
                rocks));
        this.control = raft.shardOf(CONTROL);
        this.extents = open(ExtentStore.open(
                new RealFiles(),
                extentDirectory,
                ExtentStoreOptions.defaults().withReserveBytes(settings.reserveBytes())));
        awaitLeader(control);
        final ControlSession membership = open(new ControlSession(control, view, InstantSource.system()));
        // Clients in other processes go on with theirs; of this one's earlier lives nothing is left.
        this.remoteSessions = new RemoteSessions(control, membership);
        final boolean clientsAwaited = remoteSessions.resume() > 0;
        for (final int number : numbers) {
            awaitLeader(raft.shardOf(number));
            sessions.add(openSession(raft.shardOf(number), membership));
        }
        if (clientsAwaited) {
            open(new GracePins(sessions.stream().map(ShardSession::pins).toList(), CLIENTS_GRACE));
        }
        this.shards = ShardMap.of(sessions, view::shardOf);
        this.names = new ShardNames(shards, recalls);
        recalls.endBy(this::end);
        this.administration =
                open(new ControlClient(control, view, seal, new ShardVolumeRoots(shards, names), numbers, membership));
        administration.start();
        this.buffers = new BufferPool(settings.bufferBytes());
        this.inlineMaxBytes = settings.inlineMaxBytes();
        this.writers = new VolumeWriters(names, extents, buffers, inlineMaxBytes);
        final Quarantine quarantine = new Quarantine();
        this.blocks = (block, from, length, target) -> {
            quarantine.requireReadable(block);
            extents.read(block, from, length, target);
        };
        open(signal);
        this.client = open(client(names, shards, writers));
        recalls.register(membership.id(), client::recall, client::isClosed);
        this.keeper = open(new NodeKeeper(
                sessions,
                extents,
                names,
                writers,
                clients,
                membership::isOpen,
                quarantine,
                data.resolve("scrub.position"),
                settings.keepers()));
        keeper.start();
    }

    /** Names that lie in a shard which is not started would seem to be lost. */
    private static void requireEnoughShards(final Path store, final int count) throws IOException {
        if (!Files.isDirectory(store)) {
            return;
        }
        try (Stream<Path> shards = Files.list(store)) {
            final long found = shards.filter(
                            shard -> shard.getFileName().toString().startsWith("shard-"))
                    .count();
            // The control group's is one of them.
            if (found > count + 1) {
                throw new StorageException(
                        Failure.INVALID_ARGUMENT,
                        "the data has %d shards, and %d are configured".formatted(found - 1, count));
            }
        }
    }

    /** All shards know the one session: an extent of one shard may come to hold the bytes of another's file. */
    private static ShardSession openSession(final Shard shard, final ControlSession membership) {
        final ShardSession session = new ShardSession(shard, membership::id, new ReadPins());
        session.open();
        session.endOver(membership::isOpen);
        return session;
    }

    private SessionClient client(final Names its, final ShardMap sessionsOf, final VolumeWriters itsWriters) {
        final SessionClient opened = new SessionClient(
                administration, its, new ShardChangeFeed(sessionsOf, signal), itsWriters, blocks, waiters);
        clients.add(opened);
        return opened;
    }

    /**
     * Another client of this node, with a session of its own: as a second mount would be.
     *
     * @param client what it does
     * @param sessions its session with each shard
     * @param membership its session, which whoever connected ends
     */
    public record Connection(TarnClient client, List<ShardSession> sessions, ControlSession membership)
            implements AutoCloseable {
        /** Seals what the client wrote to and ends its session. */
        @Override
        public void close() {
            client.close();
            sessions.forEach(ShardSession::end);
            membership.close();
        }
    }

    public Connection connect() {
        final ControlSession membership = new ControlSession(control, view, InstantSource.system());
        final List<ShardSession> connected =
                sessions.stream().map(session -> connected(session, membership)).toList();
        final ShardMap map = ShardMap.of(connected, view::shardOf);
        final Names its = new ShardNames(map, recalls);
        final VolumeWriters itsWriters = new VolumeWriters(its, extents, buffers, inlineMaxBytes);
        final SessionClient connection = client(its, map, itsWriters);
        recalls.register(membership.id(), connection::recall, connection::isClosed);
        return new Connection(connection, connected, membership);
    }

    /** Of a client that does not give back what others want. */
    private void end(final long session) {
        remoteSessions.close(session);
        sessions.forEach(shard -> shard.end(List.of(session)));
    }

    private static ShardSession connected(final ShardSession node, final ControlSession membership) {
        final ShardSession session = new ShardSession(node.shard(), membership::id, node.pins());
        session.open();
        return session;
    }

    /**
     * Starts a node on its data, or on an empty directory.
     *
     * @throws StorageException when it cannot be; nothing is left running
     */
    public static LocalNode start(final NodeSettings settings) {
        final LocalNode node = new LocalNode();
        boolean started = false;
        try {
            node.open(settings);
            started = true;
            return node;
        } catch (final IOException e) {
            throw new StorageException(
                    Failure.IO_ERROR,
                    "the data directory " + settings.dataDirectory() + " cannot be used: " + e.getMessage(),
                    e);
        } finally {
            if (!started) {
                node.close();
            }
        }
    }

    private static void awaitLeader(final Shard shard) {
        final long deadline = System.nanoTime() + LEADER_PATIENCE.toNanos();
        while (!shard.isLeader()) {
            shard.stoppedBy().ifPresent(cause -> {
                throw cause;
            });
            if (System.nanoTime() > deadline) {
                throw new StorageException(
                        Failure.UNAVAILABLE, "shard " + shard.number() + " has no leader after " + LEADER_PATIENCE);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private <T extends AutoCloseable> T open(final T part) {
        opened.push(part);
        return part;
    }

    private void granted(final long session, final long ticket) {
        waiters.granted(session, ticket);
        remoteGrants.granted(session, ticket);
    }

    /**
     * A service for clients in other processes, which listens nowhere yet; this node closes it. At most one.
     *
     * @param limits what clients can make the node do
     */
    public NodeService service(final ServiceLimits limits) {
        final NodeService service = open(new NodeService(
                new ServiceParts(
                        remoteSessions,
                        administration,
                        id -> view.volume(id).map(VolumePlace::volume),
                        shards,
                        names,
                        new ShardChangeFeed(shards, signal),
                        extents,
                        blocks,
                        extentDirectory,
                        new BufferPool(limits.bufferBytes()),
                        tokenKey),
                limits));
        remoteGrants = service;
        recalls.reach(service);
        return service;
    }

    public TarnClient client() {
        return client;
    }

    public ControlClient administration() {
        return administration;
    }

    public Shard control() {
        return control;
    }

    /** The shards of names, by number. */
    public List<Shard> shards() {
        return sessions.stream().map(ShardSession::shard).toList();
    }

    /** Names across the node's shards. */
    public ShardNames names() {
        return names;
    }

    public ExtentStore extents() {
        return extents;
    }

    /** This node's sessions with its shards, by number. */
    public List<ShardSession> sessions() {
        return List.copyOf(sessions);
    }

    /** Where new contents go. */
    public VolumeWriters writers() {
        return writers;
    }

    /** A check of this node's shards and extents, to be run once. */
    public Fsck fsck() {
        return new Fsck(sessions, extents);
    }

    public NodeKeeper keeper() {
        return keeper;
    }

    @Override
    public void close() {
        StorageException failed = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (final Exception e) {
                final StorageException wrapped = new StorageException(
                        Failure.IO_ERROR, "a part of the node did not close: " + e.getMessage(), e);
                if (failed == null) {
                    failed = wrapped;
                } else {
                    failed.addSuppressed(wrapped);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
