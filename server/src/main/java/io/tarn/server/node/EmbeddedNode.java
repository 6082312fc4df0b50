package io.tarn.server.node;

import io.tarn.client.TarnClient;
import io.tarn.core.StorageException;
import io.tarn.core.fsck.FsckReport;
import io.tarn.core.keeper.CompactionSettings;
import io.tarn.core.keeper.KeeperSettings;
import io.tarn.core.keeper.ScrubSettings;
import io.tarn.core.keeper.UnreadableBlock;
import io.tarn.core.keeper.WorkFigures;
import io.tarn.core.node.LocalNode;
import io.tarn.core.node.NodeSettings;
import io.tarn.core.service.ServiceLimits;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.ShardOptions;
import io.tarn.server.access.ClientFile;
import io.tarn.server.config.ServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The core of a server on a locked data directory, with the root user's first key. Thread-safe after {@link #start}.
 */
public final class EmbeddedNode implements AutoCloseable {
    private static final long SNAPSHOT_ENTRIES = 100_000;
    private static final long SEGMENT_BYTES = 8L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedNode.class);

    private final DataDirectory directory;
    private final FirstKey firstKey;
    private final LocalNode node;
    private final String rpcBind;
    private final OptionalInt rpcPort;

    private EmbeddedNode(
            final DataDirectory directory,
            final FirstKey firstKey,
            final LocalNode node,
            final String rpcBind,
            final OptionalInt rpcPort) {
        this.directory = directory;
        this.firstKey = firstKey;
        this.node = node;
        this.rpcBind = rpcBind;
        this.rpcPort = rpcPort;
    }

    /**
     * Locks the data directory and starts everything in it. What was started is closed again when something fails.
     *
     * @throws StartFailure when the node cannot start
     */
    public static EmbeddedNode start(final ServerConfig config) {
        final DataDirectory directory = DataDirectory.lock(config.data());
        Optional<LocalNode> node = Optional.empty();
        boolean started = false;
        try {
            final FirstKey firstKey = FirstKey.choose(System.getenv(), directory.path());
            node = Optional.of(LocalNode.start(settings(config, directory.path())));
            node.get().administration().ensureRoot(firstKey.accessKey(), firstKey.secretKey());
            final OptionalInt rpcPort = listen(node.get(), config.rpc());
            started = true;
            return new EmbeddedNode(
                    directory, firstKey, node.get(), config.rpc().bind(), rpcPort);
        } catch (final IllegalArgumentException e) {
            throw new StartFailure("the configuration cannot be used: " + e.getMessage(), e);
        } catch (final StorageException e) {
            throw new StartFailure("the node cannot start: " + e.getMessage(), e);
        } finally {
            if (!started) {
                node.ifPresent(LocalNode::close);
                unlock(directory);
            }
        }
    }

    /** The node closes what listens. */
    private static OptionalInt listen(final LocalNode node, final ServerConfig.Rpc rpc) {
        if (rpc.port() < 0) {
            return OptionalInt.empty();
        }
        final SocketAddress wanted = new InetSocketAddress(rpc.bind(), rpc.port());
        try {
            final SocketAddress at = node.service(ServiceLimits.DEFAULT).listen(wanted);
            return at instanceof final InetSocketAddress address
                    ? OptionalInt.of(address.getPort())
                    : OptionalInt.empty();
        } catch (final StorageException e) {
            throw new StartFailure(
                    "clients in other processes cannot be listened to at " + rpc.bind() + ":" + rpc.port()
                            + "; where the port is taken, stop what uses it, or choose another with --set rpc.port=PORT",
                    e);
        }
    }

    private static void unlock(final DataDirectory directory) {
        try {
            directory.close();
        } catch (final IOException e) {
            LOG.warn("the data directory was not unlocked", e);
        }
    }

    private static NodeSettings settings(final ServerConfig config, final Path data) {
        final ServerConfig.Raft raft = config.raft();
        return new NodeSettings(
                data,
                raft.dir().orElse(data.resolve("log")),
                new ShardOptions(
                        raft.lease(),
                        raft.electionTimeout(),
                        raft.proposalTimeout(),
                        SNAPSHOT_ENTRIES,
                        raft.snapshotBytes().bytes(),
                        SEGMENT_BYTES),
                Math.toIntExact(config.storage().inlineMax().bytes()),
                config.cache().content().bytes(),
                config.cache().blocks().bytes(),
                config.cache().writeBuffers().bytes(),
                config.storage().reserve().bytes(),
                raft.shards(),
                keepers(config));
    }

    private static KeeperSettings keepers(final ServerConfig config) {
        final ServerConfig.Compaction compaction = config.compaction();
        return new KeeperSettings(
                config.feed().retention(),
                config.feed().maxEvents(),
                config.uploads().retention(),
                new CompactionSettings(
                        compaction.livePercent(),
                        compaction.small().bytes(),
                        compaction.bytesPerSecond().bytes(),
                        compaction.every()),
                new ScrubSettings(
                        config.scrub().bytesPerSecond().bytes(), config.scrub().interval()));
    }

    public TarnClient client() {
        return node.client();
    }

    /** Where clients in other processes are listened to, if anywhere. */
    public OptionalInt rpcPort() {
        return rpcPort;
    }

    /** The same as {@code address:port}; the address may be that of all interfaces. */
    public Optional<String> clients() {
        return rpcPort.isPresent() ? Optional.of(rpcBind + ":" + rpcPort.getAsInt()) : Optional.empty();
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
    public void writeClientFile(final String adminEndpoint, final Optional<String> clients) {
        try {
            new ClientFile(adminEndpoint, clients, firstKey.accessKey(), firstKey.secretKey()).write(directory.path());
        } catch (final IOException e) {
            throw new StartFailure("the client file cannot be written: " + e, e);
        }
    }

    /** The groups of this node in order of their numbers. */
    public List<Shard> shards() {
        return Stream.concat(Stream.of(node.control()), node.shards().stream()).toList();
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

    /** How each kind of background work is doing. */
    public List<WorkFigures> background() {
        return node.keeper().figures();
    }

    /** Live blocks that cannot be read. */
    public List<UnreadableBlock> unreadable() {
        return node.keeper().unreadable();
    }

    /** Verifies everything online: records of the control group, of the shard, and every live byte. */
    public FsckReport check() {
        final FsckReport report = node.fsck().run(true);
        final List<String> findings = new ArrayList<>(node.administration().check());
        findings.addAll(report.findings());
        return new FsckReport(findings, report.extents(), report.blocks(), report.bytes(), report.seconds());
    }

    @Override
    public void close() {
        try {
            node.close();
        } catch (final StorageException e) {
            LOG.warn("the node did not close cleanly", e);
        } finally {
            unlock(directory);
        }
    }
}
