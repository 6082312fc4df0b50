package io.tarn.core.node;

import io.tarn.client.TarnClient;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.control.ControlClient;
import io.tarn.core.control.ControlState;
import io.tarn.core.control.ControlView;
import io.tarn.core.control.MasterKey;
import io.tarn.core.control.SecretSeal;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.ExtentStoreOptions;
import io.tarn.core.file.RealFiles;
import io.tarn.core.fsck.Fsck;
import io.tarn.core.keeper.NodeKeeper;
import io.tarn.core.kv.RocksResources;
import io.tarn.core.namespace.NamespaceState;
import io.tarn.core.session.EmbeddedClient;
import io.tarn.core.session.LockWaiters;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardMap;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An embedded node: control group and one shard as groups of one member, one extent store, and a client in the same process.
 * What it opened last it closes first. Thread-safe once started.
 */
public final class LocalNode implements AutoCloseable {
    /** The shard that all volumes of an embedded node are in. */
    public static final int SHARD = 1;

    private static final int CONTROL = 0;
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 2_000_000;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Shard control;
    private Shard shard;
    private ExtentStore extents;
    private ControlClient administration;
    private EmbeddedClient client;
    private NodeKeeper keeper;
    private final ReadPins pins = new ReadPins();
    private final LockWaiters waiters = new LockWaiters();
    private BufferPool buffers;
    private int inlineMaxBytes;

    private LocalNode() {}

    private void open(final NodeSettings settings) throws IOException {
        final Path data = settings.dataDirectory();
        final Path extentDirectory = Files.createDirectories(data.resolve("extents"));
        final SecretSeal seal = MasterKey.readOrCreate(data.resolve("master.key"));
        final ControlView view = new ControlView(seal);
        final RocksResources rocks = open(
                new RocksResources(new RocksResources.Sizes(settings.blockCacheBytes(), settings.writeBufferBytes())));
        final RatisNode raft = open(RatisNode.start(
                new NodeOptions(
                        "node-1",
                        settings.logDirectory(),
                        data.resolve("store"),
                        NodeOptions.LOOPBACK,
                        0,
                        settings.shards()),
                List.of(
                        ShardSpec.alone(CONTROL, new ControlState(view)),
                        ShardSpec.alone(SHARD, new NamespaceState(SHARD, waiters))),
                rocks));
        this.control = raft.shardOf(CONTROL);
        this.shard = raft.shardOf(SHARD);
        this.extents = open(ExtentStore.open(
                new RealFiles(),
                extentDirectory,
                ExtentStoreOptions.defaults().withReserveBytes(settings.reserveBytes())));
        awaitLeader(control);
        awaitLeader(shard);
        final ShardSession session = new ShardSession(shard, newSession());
        session.open();
        session.endOthers();
        final ShardMap shards = ShardMap.single(session);
        this.administration =
                open(new ControlClient(control, view, seal, new ShardVolumeRoots(shards), List.of(SHARD)));
        administration.start();
        this.buffers = new BufferPool(settings.bufferBytes());
        this.inlineMaxBytes = settings.inlineMaxBytes();
        final VolumeWriters writers = new VolumeWriters(shards, extents, buffers, inlineMaxBytes);
        this.client = open(client(session, shards, writers));
        this.keeper = open(new NodeKeeper(session, extents, pins, writers));
        keeper.start();
    }

    private EmbeddedClient client(final ShardSession session, final ShardMap shards, final VolumeWriters writers) {
        return new EmbeddedClient(administration, shards, session, writers, extents::read, pins, waiters);
    }

    /**
     * Another client of this node, with a session of its own: as a second mount would be.
     *
     * @param client what it does
     * @param session its session, which whoever connected ends
     */
    public record Connection(TarnClient client, ShardSession session) implements AutoCloseable {
        /** Seals what the client wrote to and ends its session. */
        @Override
        public void close() {
            client.close();
            session.end();
        }
    }

    public Connection connect() {
        final ShardSession session = new ShardSession(shard, newSession());
        session.open();
        final ShardMap shards = ShardMap.single(session);
        return new Connection(
                client(session, shards, new VolumeWriters(shards, extents, buffers, inlineMaxBytes)), session);
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

    private static long newSession() {
        final SecureRandom random = new SecureRandom();
        long session = 0;
        while (session == 0) {
            session = random.nextLong() & Long.MAX_VALUE;
        }
        return session;
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

    public TarnClient client() {
        return client;
    }

    public ControlClient administration() {
        return administration;
    }

    public Shard control() {
        return control;
    }

    public Shard shard() {
        return shard;
    }

    public ExtentStore extents() {
        return extents;
    }

    /** A check of this node's shard and extents, to be run once. */
    public Fsck fsck() {
        return new Fsck(shard, extents, pins);
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
