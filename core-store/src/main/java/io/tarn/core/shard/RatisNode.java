package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.RocksResources;
import io.tarn.core.kv.RocksStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Raft server of a process, and the shards it takes part in. Ports carry Raft traffic only; clients never connect to them.
 *
 * <p>Each group costs four threads, about 2 MB of direct memory, and its own stream of fsyncs. Thread-safe.
 */
public final class RatisNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RatisNode.class);
    /** Upper half of the groups' UUIDs ("tarnraft"); the lower half is the shard's number. */
    private static final long GROUP_NAMESPACE = 0x7461726e72616674L;

    private static final long SNAPSHOT_TIMEOUT_MILLIS = 60_000;

    private final NodeOptions options;
    private final int port;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private final Map<Integer, RatisShard> shards = new TreeMap<>();
    private final ShardRecovery recovery;
    private final RaftServer server;
    private volatile boolean closing;

    private RatisNode(final NodeOptions options, final List<ShardSpec> specs, final RocksResources resources) {
        this.options = options;
        this.port = RaftPort.choose(options.logDirectory(), options.host(), options.port());
        this.recovery = new ShardRecovery(this, options);
        final boolean alone = specs.stream().allMatch(spec -> spec.members().size() <= 1);
        boolean built = false;
        try {
            for (final ShardSpec spec : specs) {
                shards.put(spec.number(), open(spec, resources));
            }
            this.server = RaftServer.newBuilder()
                    .setServerId(RaftPeerId.valueOf(options.node()))
                    .setOption(RaftStorage.StartupOption.RECOVER)
                    .setProperties(RatisSettings.properties(
                            options.shards(), options.logDirectory(), options.host(), port, alone))
                    .setStateMachineRegistry(group -> shard(number(group)).newMachine())
                    .build();
            built = true;
        } catch (final IOException e) {
            throw cannotStart(e);
        } finally {
            if (!built) {
                shards.values().forEach(RatisShard::close);
            }
        }
    }

    /**
     * Opens the stores and starts the groups. Groups of one member lead when this returns or very soon after; see
     * {@link Shard#isLeader}.
     *
     * @throws StorageException when a store or log cannot be opened; nothing is left running
     */
    public static RatisNode start(
            final NodeOptions options, final List<ShardSpec> specs, final RocksResources resources) {
        final RatisNode node = new RatisNode(options, specs, resources);
        boolean running = false;
        try {
            node.run();
            running = true;
            return node;
        } catch (final IOException | CompletionException e) {
            throw cannotStart(e);
        } finally {
            if (!running) {
                node.close();
            }
        }
    }

    /** What a shard said itself when Ratis asked it to open, else what Ratis says. */
    private static StorageException cannotStart(final Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof StorageException told) {
                return told;
            }
        }
        return new StorageException(Failure.IO_ERROR, "the Raft group cannot be started: " + cause.getMessage(), cause);
    }

    private RatisShard open(final ShardSpec spec, final RocksResources resources) {
        final List<Family> families = new ArrayList<>(spec.state().families());
        families.add(AppliedMark.FAMILY);
        final String directory = "shard-" + spec.number();
        final RocksStore store =
                RocksStore.open(options.storeDirectory().resolve(directory).resolve("live"), families, resources);
        final Checkpoints checkpoints =
                new Checkpoints(options.storeDirectory().resolve(directory).resolve("checkpoints"));
        return new RatisShard(spec, options.shards(), store, checkpoints, this);
    }

    private void run() throws IOException {
        server.start();
        final List<RaftGroupId> found = new ArrayList<>();
        server.getGroupIds().forEach(found::add);
        for (final RatisShard shard : shards.values()) {
            shard.start();
            if (!found.contains(groupId(shard.number()))) {
                addGroup(shard.spec());
            }
            // a group found on disk that failed to open was only logged: this asks for its failure
            server.getDivision(groupId(shard.number()));
        }
    }

    /** The shard of that number on this node. */
    public Shard shardOf(final int number) {
        return shard(number);
    }

    /** The port that Raft listens on. */
    public int port() {
        return port;
    }

    /**
     * Starts a stopped shard's group again, from its store and log.
     *
     * @throws StorageException when that fails; the shard stays stopped
     */
    public void resume(final int number) {
        final RatisShard shard = shard(number);
        if (shard.stoppedBy().isEmpty()) {
            return;
        }
        try {
            shard.flush();
            removeGroup(number);
            shard.resumed();
            addGroup(shard.spec());
        } catch (final IOException | CompletionException e) {
            final StorageException failure = cannotStart(e);
            shard.logFailed(failure);
            throw failure;
        }
    }

    private void addGroup(final ShardSpec spec) throws IOException {
        final List<RaftPeer> peers = spec.members().isEmpty()
                ? List.of(peer(options.node(), options.host(), port))
                : spec.members().stream()
                        .map(member -> peer(member.node(), member.host(), member.port()))
                        .toList();
        final RaftGroup group = RaftGroup.valueOf(groupId(spec.number()), peers);
        check(server.groupManagement(
                GroupManagementRequest.newAdd(clientId, server.getId(), callIds.incrementAndGet(), group, false)));
    }

    private void removeGroup(final int number) throws IOException {
        for (final RaftGroupId group : server.getGroupIds()) {
            if (number(group) == number) {
                check(server.groupManagement(GroupManagementRequest.newRemove(
                        clientId, server.getId(), callIds.incrementAndGet(), group, false, false)));
                return;
            }
        }
    }

    private static void check(final RaftClientReply reply) throws IOException {
        if (!reply.isSuccess()) {
            throw new IOException("Raft group refused: " + reply, reply.getException());
        }
    }

    Proposer.Submitter submitter(final int number) {
        final RaftGroupId group = groupId(number);
        return (batch, proposer) -> submit(group, batch, proposer);
    }

    /** Goes straight to the group, past the server's executor that would cost one more hand-over. */
    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are handled in it
    private void submit(final RaftGroupId group, final Batch batch, final Proposer proposer) {
        final RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(server.getId())
                .setGroupId(group)
                .setCallId(batch.callId())
                // lets Ratis drop that one from its retry cache, which is not relied on: nothing is sent twice
                .setRepliedCallIds(List.of(batch.callId() - Proposer.IN_FLIGHT_MAX))
                .setMessage(Message.valueOf(batch.encode()))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            if (server.getDivision(group) instanceof RaftClientAsynchronousProtocol division) {
                division.submitClientRequestAsync(request).whenComplete((reply, error) -> {
                    if (error != null) {
                        proposer.failed(batch, error);
                    } else if (!reply.isSuccess()) {
                        proposer.failed(batch, reply.getException());
                    }
                });
            } else {
                throw new IllegalStateException("a division of this Ratis takes no requests directly");
            }
        } catch (final IOException | RuntimeException e) {
            proposer.failed(batch, e);
        }
    }

    void requestSnapshot(final int number) {
        Thread.ofVirtual().name("snapshot-" + number).start(() -> {
            try {
                check(server.snapshotManagement(SnapshotManagementRequest.newCreate(
                        clientId,
                        server.getId(),
                        groupId(number),
                        callIds.incrementAndGet(),
                        SNAPSHOT_TIMEOUT_MILLIS)));
            } catch (final IOException e) {
                LOG.warn("shard {}: no snapshot was taken, the log stays longer", number, e);
            }
        });
    }

    /** Whether the group of shard {@code number} has this node as its only member, and no change of members is under way. */
    boolean isAlone(final int number) {
        try {
            final RaftConfiguration configuration =
                    server.getDivision(groupId(number)).getRaftConf();
            return configuration.getCurrentPeers().size() == 1
                    && configuration.getPreviousPeers().isEmpty();
        } catch (final IOException e) {
            throw new StorageException(Failure.UNAVAILABLE, "shard " + number + " has no group here", e);
        }
    }

    void stopped(final RatisShard shard, final StorageException cause) {
        if (!closing) {
            recovery.stopped(shard, cause);
        }
    }

    ClientId clientId() {
        return clientId;
    }

    private RatisShard shard(final int number) {
        return Optional.ofNullable(shards.get(number))
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no shard " + number + " on this node"));
    }

    private static RaftPeer peer(final String node, final String host, final int port) {
        return RaftPeer.newBuilder().setId(node).setAddress(host + ":" + port).build();
    }

    private static RaftGroupId groupId(final int number) {
        return RaftGroupId.valueOf(new UUID(GROUP_NAMESPACE, number));
    }

    private static int number(final RaftGroupId group) {
        return (int) group.getUuid().getLeastSignificantBits();
    }

    /** Stops the groups, with a last snapshot each so that the next start replays nothing, and closes the stores. */
    @Override
    public void close() {
        closing = true;
        recovery.close();
        try {
            server.close();
        } catch (final IOException e) {
            LOG.warn("the Raft server did not close cleanly; its log is replayed at the next start", e);
        } finally {
            shards.values().forEach(RatisShard::close);
        }
    }
}
