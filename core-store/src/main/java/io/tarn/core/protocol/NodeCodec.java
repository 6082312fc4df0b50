package io.tarn.core.protocol;

import com.google.protobuf.ByteString;
import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.NodeTimes;
import io.tarn.client.NodeType;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.VolumeStatistics;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.NodeQueries.LeaseState;
import io.tarn.core.namespace.NodeQueries.Snapshot;
import io.tarn.core.protocol.wire.EntryMessage;
import io.tarn.core.protocol.wire.LeaseMessage;
import io.tarn.core.protocol.wire.NodeMessage;
import io.tarn.core.protocol.wire.PageMessage;
import io.tarn.core.protocol.wire.RangeMessage;
import io.tarn.core.protocol.wire.SnapshotMessage;
import io.tarn.core.protocol.wire.StatisticsMessage;
import io.tarn.core.protocol.wire.XattrMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Inodes and what belongs to them as messages. A message that no release of ours would write is {@code INVALID_ARGUMENT}. */
public final class NodeCodec {
    /** The place of a type is its code on the wire. */
    private static final List<NodeType> TYPES = List.of(
            NodeType.FILE,
            NodeType.DIRECTORY,
            NodeType.SYMLINK,
            NodeType.CHARACTER_DEVICE,
            NodeType.BLOCK_DEVICE,
            NodeType.FIFO,
            NodeType.SOCKET);

    private NodeCodec() {}

    public static ByteString bytes(final Key key) {
        return ByteString.copyFrom(key.toByteArray());
    }

    public static Key key(final ByteString bytes) {
        return Key.of(bytes.toByteArray());
    }

    /** What a code stands for, which is its place in the list. */
    static <E> E meaning(final List<E> codes, final int code) {
        if (code < 0 || code >= codes.size()) {
            throw Failures.malformed("there is no code " + code);
        }
        return codes.get(code);
    }

    public static NodeMessage encode(final Node node) {
        final NodeTimes times = node.times();
        final NodeMessage.Builder message = NodeMessage.newBuilder()
                .setInode(node.inode())
                .setVolume(node.volume())
                .setType(TYPES.indexOf(node.type()))
                .setMode(node.mode())
                .setUid(node.uid())
                .setGid(node.gid())
                .setLinks(node.links())
                .setSize(node.size())
                .setAccessed(times.accessed())
                .setModified(times.modified())
                .setChanged(times.changed())
                .setCreated(times.created())
                .setDevice(node.device())
                .setGeneration(node.generation())
                .setContentGeneration(node.contentGeneration())
                .setParent(node.parent());
        node.target().ifPresent(target -> message.setTarget(bytes(target)));
        return message.build();
    }

    public static Node decode(final NodeMessage message) {
        return new Node(
                message.getInode(),
                message.getVolume(),
                meaning(TYPES, message.getType()),
                message.getMode(),
                message.getUid(),
                message.getGid(),
                message.getLinks(),
                message.getSize(),
                new NodeTimes(message.getAccessed(), message.getModified(), message.getChanged(), message.getCreated()),
                message.getDevice(),
                message.getGeneration(),
                message.getContentGeneration(),
                message.hasTarget() ? Optional.of(key(message.getTarget())) : Optional.empty(),
                message.getParent());
    }

    public static PageMessage encode(final DirectoryPage page) {
        final PageMessage.Builder message = PageMessage.newBuilder().setMore(page.more());
        page.entries()
                .forEach(entry -> message.addEntries(EntryMessage.newBuilder()
                        .setName(bytes(entry.name()))
                        .setPosition(bytes(entry.position()))
                        .setNode(encode(entry.node()))
                        .setPlain(entry.isPlain())));
        return message.build();
    }

    public static DirectoryPage decode(final PageMessage message) {
        return new DirectoryPage(
                message.getEntriesList().stream()
                        .map(entry -> new DirectoryPage.Entry(
                                key(entry.getName()),
                                key(entry.getPosition()),
                                decode(entry.getNode()),
                                entry.getPlain()))
                        .toList(),
                message.getMore());
    }

    public static RangeMessage encode(final FileRange range) {
        final RangeMessage.Builder message = RangeMessage.newBuilder()
                .setSize(range.size())
                .setContentGeneration(range.contentGeneration())
                .addAllSlices(range.slices());
        range.inline().ifPresent(inline -> message.setInline(ByteString.copyFrom(inline)));
        return message.build();
    }

    public static FileRange decode(final RangeMessage message) {
        return new FileRange(
                message.getSize(),
                message.getContentGeneration(),
                message.hasInline() ? Optional.of(message.getInline().toByteArray()) : Optional.empty(),
                message.getSlicesList());
    }

    public static SnapshotMessage encode(final Snapshot snapshot) {
        return SnapshotMessage.newBuilder()
                .setNode(encode(snapshot.node()))
                .setContent(encode(snapshot.content()))
                .build();
    }

    public static Snapshot decode(final SnapshotMessage message) {
        return new Snapshot(decode(message.getNode()), decode(message.getContent()));
    }

    public static List<XattrMessage> encode(final Map<Key, byte[]> xattrs) {
        return xattrs.entrySet().stream()
                .map(xattr -> XattrMessage.newBuilder()
                        .setName(bytes(xattr.getKey()))
                        .setValue(ByteString.copyFrom(xattr.getValue()))
                        .build())
                .toList();
    }

    public static Map<Key, byte[]> xattrs(final List<XattrMessage> messages) {
        final Map<Key, byte[]> xattrs = new LinkedHashMap<>();
        messages.forEach(
                message -> xattrs.put(key(message.getName()), message.getValue().toByteArray()));
        return xattrs;
    }

    public static StatisticsMessage encode(final VolumeStatistics statistics) {
        return StatisticsMessage.newBuilder()
                .setUsedBytes(statistics.usage().bytes())
                .setUsedInodes(statistics.usage().inodes())
                .setQuotaBytes(statistics.quota().bytes())
                .setQuotaInodes(statistics.quota().inodes())
                .build();
    }

    public static VolumeStatistics decode(final StatisticsMessage message) {
        return new VolumeStatistics(
                new Usage(message.getUsedBytes(), message.getUsedInodes()),
                new Quota(message.getQuotaBytes(), message.getQuotaInodes()));
    }

    public static LeaseMessage encode(final LeaseState state) {
        return LeaseMessage.newBuilder()
                .setInode(state.inode())
                .setLease(state.lease())
                .setRenewedNanos(state.renewedNanos())
                .build();
    }

    public static LeaseState decode(final LeaseMessage message) {
        return new LeaseState(message.getInode(), message.getLease(), message.getRenewedNanos());
    }
}
