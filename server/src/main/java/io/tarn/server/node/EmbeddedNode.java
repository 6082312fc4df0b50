package io.tarn.server.node;

import io.tarn.client.TarnClient;
import io.tarn.core.StorageException;
import io.tarn.core.control.ControlClient;
import io.tarn.core.control.ControlState;
import io.tarn.core.control.ControlView;
import io.tarn.core.control.MasterKey;
import io.tarn.core.control.SecretSeal;
import io.tarn.core.kv.RocksResources;
import io.tarn.core.shard.NodeOptions;
import io.tarn.core.shard.RatisNode;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.ShardOptions;
import io.tarn.core.shard.ShardSpec;
import io.tarn.server.access.ClientFile;
import io.tarn.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process that is a whole cluster: control group and one shard as Raft groups of one member, over one data directory. The same
 * code path as a node among others, without the others.
 *
 * <p>Thread-safe after {@link #start}. Closing it is closing its parts in the opposite order.
 */
public final class EmbeddedNode implements AutoCloseable {
    /** The control group's number. */
    public static final int CONTROL_GROUP = 0;

    /** The shard that holds all names. */
    public static final int FIRST_SHARD = 1;

    private static final Duration LEADERSHIP_PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_NANOS = 1_000_000;
    private static final long SNAPSHOT_ENTRIES = 100_000;
    private static final long SEGMENT_BYTES = 8L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedNode.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private final Path dataDirectory;
    private final FirstKey firstKey;
    private RatisNode raft;
    private Namespace namespace;
    private ControlClient control;
    private TarnClient client;

    private record Part(String name, AutoCloseable closing) {}

    private EmbeddedNode(final DataDirectory directory, final FirstKey firstKey) {
        this.dataDirectory = directory.path();
        this.firstKey = firstKey;
    }

    /**
     * Locks the data directory and starts everything in it. What was started is closed again when something fails.
     *
     * @param namespaces makes the part that holds names and bytes, from the configuration and the data directory
     * @throws StartFailure when the node cannot start
     */
    public static EmbeddedNode start(
            final ServerConfig config, final BiFunction<ServerConfig, Path, Namespace> namespaces) {
        final DataDirectory directory = DataDirectory.lock(config.data());
        boolean started = false;
        EmbeddedNode node = null;
        try {
            node = new EmbeddedNode(directory, FirstKey.choose(System.getenv(), directory.path()));
            node.parts.push(new Part("data directory", directory));
            node.open(config, directory, namespaces);
            started = true;
            return node;
        } catch (final IOException | StorageException e) {
            throw new StartFailure("the node cannot start: " + e.getMessage(), e);
        } finally {
            if (!started) {
                closeAfterFailure(node, directory);
            }
        }
    }

    private static void closeAfterFailure(final EmbeddedNode node, final DataDirectory directory) {
        if (node != null) {
            node.close();
            return;
        }
        try {
            directory.close();
        } catch (final IOException e) {
            LOG.warn("the data directory was not unlocked", e);
        }
    }

    private void open(
            final ServerConfig config,
            final DataDirectory directory,
            final BiFunction<ServerConfig, Path, Namespace> namespaces)
            throws IOException {
        final SecretSeal seal = MasterKey.readOrCreate(directory.masterKey());
        final ControlView view = new ControlView(seal);
        final RocksResources resources = part(
                "store memory",
                new RocksResources(new RocksResources.Sizes(
                        config.cache().blocks().bytes(),
                        config.cache().writeBuffers().bytes())));
        final Namespace names = namespaces.apply(config, directory.path());
        namespace = names;
        raft = part(
                "raft",
                RatisNode.start(
                        options(config, directory.path()),
                        List.of(
                                ShardSpec.alone(CONTROL_GROUP, new ControlState(view)),
                                ShardSpec.alone(FIRST_SHARD, names.state())),
                        resources));
        part("namespace", names);
        awaitLeadership(CONTROL_GROUP);
        awaitLeadership(FIRST_SHARD);
        names.start(raft.shardOf(FIRST_SHARD));
        control = part(
                "control client",
                new ControlClient(raft.shardOf(CONTROL_GROUP), view, seal, names.roots(), List.of(FIRST_SHARD)));
        control.start();
        control.ensureRoot(firstKey.accessKey(), firstKey.secretKey());
        client = part("client", names.client(control));
    }

    private static NodeOptions options(final ServerConfig config, final Path data) {
        final ServerConfig.Raft raft = config.raft();
        return new NodeOptions(
                "node-1",
                raft.dir().orElse(data.resolve("log")),
                data.resolve("store"),
                NodeOptions.LOOPBACK,
                0,
                new ShardOptions(
                        raft.lease(),
                        raft.electionTimeout(),
                        raft.proposalTimeout(),
                        SNAPSHOT_ENTRIES,
                        raft.snapshotBytes().bytes(),
                        SEGMENT_BYTES));
    }

    private void awaitLeadership(final int number) {
        final Shard shard = raft.shardOf(number);
        final long deadline = System.nanoTime() + LEADERSHIP_PATIENCE.toNanos();
        while (!shard.isLeader()) {
            shard.stoppedBy().ifPresent(cause -> {
                throw cause;
            });
            if (System.nanoTime() - deadline > 0) {
                throw new StartFailure("shard " + number + " has no leader after " + LEADERSHIP_PATIENCE.toSeconds()
                        + " s: is the disk of its log stuck?");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private <T extends AutoCloseable> T part(final String name, final T part) {
        parts.push(new Part(name, part));
        return part;
    }

    public TarnClient client() {
        return client;
    }

    /** Id of the root user's first key. */
    public String firstAccessKey() {
        return firstKey.accessKey();
    }

    /** The secret of the first key if it was made at this start, for showing it. */
    public Optional<String> newSecret() {
        return firstKey.generated() ? Optional.of(firstKey.secretKey()) : Optional.empty();
    }

    /** Leaves the file by which the command line finds this server. */
    public void writeClientFile(final String adminEndpoint) {
        try {
            new ClientFile(adminEndpoint, firstKey.accessKey(), firstKey.secretKey()).write(dataDirectory);
        } catch (final IOException e) {
            throw new StartFailure("the client file cannot be written: " + e, e);
        }
    }

    /** The groups of this node in order of their numbers. */
    public List<Shard> shards() {
        return List.of(raft.shardOf(CONTROL_GROUP), raft.shardOf(FIRST_SHARD));
    }

    /** Whether every group leads and none has stopped; otherwise why not, in words. */
    public List<String> troubles() {
        final List<String> troubles = new ArrayList<>();
        for (final Shard shard : shards()) {
            shard.stoppedBy()
                    .ifPresentOrElse(
                            cause -> troubles.add("shard " + shard.number() + " stopped: " + cause.getMessage()),
                            () -> {
                                if (!shard.isLeader()) {
                                    troubles.add("shard " + shard.number() + " has no leader");
                                }
                            });
        }
        return troubles;
    }

    /** Verifies everything online; see {@link Namespace#check}. */
    public List<String> check() {
        final List<String> findings = new ArrayList<>(control.check());
        findings.addAll(namespace.check());
        return findings;
    }

    /** Closes the parts, the last started first. One that fails does not keep the others open. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            final Part part = parts.pop();
            try {
                part.closing().close();
            } catch (
                    final Exception
                            e) { // AutoCloseable's own signature; the other parts have to be closed all the same
                LOG.warn("closing the {} failed", part.name(), e);
            }
        }
    }
}
