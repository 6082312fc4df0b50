package io.tarn.core.remote;

import static io.tarn.core.protocol.NodeCodec.bytes;

import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.VolumeStatistics;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.NodeQueries.LeaseState;
import io.tarn.core.namespace.NodeQueries.Snapshot;
import io.tarn.core.namespace.NodeReads;
import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.OpenRecord;
import io.tarn.core.protocol.NodeCodec;
import io.tarn.core.protocol.wire.AskAnswer;
import io.tarn.core.protocol.wire.AskRequest;
import io.tarn.core.protocol.wire.DirectoryPath;
import io.tarn.core.protocol.wire.FindNode;
import io.tarn.core.protocol.wire.HeldOf;
import io.tarn.core.protocol.wire.IsWaiting;
import io.tarn.core.protocol.wire.LeaseOf;
import io.tarn.core.protocol.wire.Leases;
import io.tarn.core.protocol.wire.LookUp;
import io.tarn.core.protocol.wire.Obstacle;
import io.tarn.core.protocol.wire.Page;
import io.tarn.core.protocol.wire.RangeOf;
import io.tarn.core.protocol.wire.Resolve;
import io.tarn.core.protocol.wire.Root;
import io.tarn.core.protocol.wire.SnapshotOf;
import io.tarn.core.protocol.wire.Statistics;
import io.tarn.core.protocol.wire.Xattr;
import io.tarn.core.protocol.wire.Xattrs;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions about inodes, asked in another process: one call each. */
final class RemoteNodeReads implements NodeReads {
    private final RemoteNames names;
    private final long home;

    /** @param home an inode of the shard to ask where the question names none */
    RemoteNodeReads(final RemoteNames names, final long home) {
        this.names = names;
        this.home = home;
    }

    private static AskRequest.Builder of(final long inode) {
        return AskRequest.newBuilder().setInode(inode);
    }

    private static Optional<Node> node(final AskAnswer answer) {
        return answer.hasNode() ? Optional.of(NodeCodec.decode(answer.getNode())) : Optional.empty();
    }

    @Override
    public Node root(final long volume) {
        return NodeCodec.decode(
                names.ask(AskRequest.newBuilder().setVolume(volume).setRoot(Root.getDefaultInstance()))
                        .getNode());
    }

    @Override
    public Optional<Node> node(final long inode) {
        return node(names.ask(of(inode).setNode(FindNode.getDefaultInstance())));
    }

    @Override
    public Optional<Node> lookup(final long directory, final Key name) {
        return node(names.ask(of(directory).setLookup(LookUp.newBuilder().setName(bytes(name)))));
    }

    @Override
    public List<Node> resolve(final long directory, final List<Key> path) {
        final Resolve.Builder resolve = Resolve.newBuilder();
        path.forEach(name -> resolve.addNames(bytes(name)));
        return names.ask(of(directory).setResolve(resolve)).getNodesList().stream()
                .map(NodeCodec::decode)
                .toList();
    }

    @Override
    public List<Key> path(final long directory) {
        return names.ask(of(directory).setPath(DirectoryPath.getDefaultInstance())).getKeysList().stream()
                .map(NodeCodec::key)
                .toList();
    }

    @Override
    public DirectoryPage page(final long directory, final Key after, final int limit) {
        return NodeCodec.decode(names.ask(of(directory)
                        .setPage(Page.newBuilder().setAfter(bytes(after)).setLimit(limit)))
                .getPage());
    }

    @Override
    public FileRange range(final long inode, final long from, final long to) {
        return NodeCodec.decode(
                names.ask(of(inode).setRange(RangeOf.newBuilder().setFrom(from).setTo(to)))
                        .getRange());
    }

    @Override
    public Snapshot snapshot(final long inode) {
        return NodeCodec.decode(names.ask(of(inode).setSnapshot(SnapshotOf.getDefaultInstance()))
                .getSnapshot());
    }

    @Override
    public Optional<byte[]> xattr(final long inode, final Key name) {
        final AskAnswer answer = names.ask(of(inode).setXattr(Xattr.newBuilder().setName(bytes(name))));
        return answer.hasBytes() ? Optional.of(answer.getBytes().toByteArray()) : Optional.empty();
    }

    @Override
    public Map<Key, byte[]> xattrs(final long inode) {
        return NodeCodec.xattrs(
                names.ask(of(inode).setXattrs(Xattrs.getDefaultInstance())).getXattrsList());
    }

    @Override
    public VolumeStatistics statistics(final long volume) {
        return NodeCodec.decode(
                names.ask(AskRequest.newBuilder().setVolume(volume).setStatistics(Statistics.getDefaultInstance()))
                        .getStatistics());
    }

    @Override
    public Optional<LockRecord> obstacle(final long inode, final LockRecord wanted) {
        final AskAnswer answer =
                names.ask(of(inode).setObstacle(Obstacle.newBuilder().setWanted(wanted)));
        return answer.hasLock() ? Optional.of(answer.getLock()) : Optional.empty();
    }

    @Override
    public boolean isWaiting(final long inode, final long session, final long ticket) {
        return names.ask(of(inode)
                        .setIsWaiting(IsWaiting.newBuilder().setSession(session).setTicket(ticket)))
                .getFlag();
    }

    /** {@inheritDoc} The node answers for the session that asks. */
    @Override
    public OpenRecord held(final long inode, final long session) {
        return names.ask(of(inode).setHeld(HeldOf.getDefaultInstance())).getHeld();
    }

    @Override
    public Optional<LeaseState> lease(final long inode) {
        return names.ask(of(inode).setLease(LeaseOf.getDefaultInstance())).getLeasesList().stream()
                .findFirst()
                .map(NodeCodec::decode);
    }

    @Override
    public List<LeaseState> leases(final long afterInode, final int limit) {
        return names
                .ask(of(home).setLeases(Leases.newBuilder().setAfter(afterInode).setLimit(limit)))
                .getLeasesList()
                .stream()
                .map(NodeCodec::decode)
                .toList();
    }
}
