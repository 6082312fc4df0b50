package io.tarn.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.Volume;
import io.tarn.client.VolumeSettings;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.FileType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node with three shards: real Raft groups, real stores, one volume whose directories lie in all of them. */
class SeveralShardsNodeTest {
    private static final int SHARDS = 3;
    private static final int LARGE = 3_000_000;
    private static final Principal ROOT = new Principal("root", "root", 0, 0, List.of(), true);

    @TempDir
    Path data;

    private LocalNode start() {
        final LocalNode node = LocalNode.start(NodeSettings.defaults(data).withShardCount(SHARDS));
        node.administration().ensureRoot("ROOTKEY", "rootsecret");
        return node;
    }

    private static long directory(final LocalNode node, final long parent, final String name, final int shard) {
        final Command.Builder command = Command.newBuilder();
        command.getMakeNodeBuilder()
                .setParent(parent)
                .setName(ByteString.copyFromUtf8(name))
                .setType(FileType.DIRECTORY)
                .setMode(0755);
        return node.names().makeDirectory(command, shard).getNode().getInode();
    }

    private static void rename(
            final LocalNode node, final long fromParent, final String from, final long toParent, final String to) {
        final Command.Builder command = Command.newBuilder();
        command.getRenameNodeBuilder()
                .setFromParent(fromParent)
                .setFromName(ByteString.copyFromUtf8(from))
                .setToParent(toParent)
                .setToName(ByteString.copyFromUtf8(to));
        node.names().callAt(fromParent, command);
    }

    private static byte[] bytes(final int seed, final int length) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void put(final LocalNode node, final long volume, final String key, final byte[] content) {
        final ObjectStore objects = node.client().objects();
        try (ContentWriter writer = objects.write(volume)) {
            writer.write(ByteBuffer.wrap(content));
            objects.put(volume, Key.of(key), ROOT, writer.finish(), "etag", ObjectMeta.NONE, Precondition.NONE);
        }
    }

    private static byte[] get(final LocalNode node, final long volume, final String key) {
        try (ContentReader reader = node.client().objects().open(volume, Key.of(key), Optional.empty())) {
            final ByteBuffer target =
                    ByteBuffer.allocate(Math.toIntExact(reader.info().size()));
            reader.read(0, target);
            return target.array();
        }
    }

    private static List<String> list(final LocalNode node, final long volume) {
        return node.client().objects().list(volume, Key.EMPTY, Key.EMPTY, Key.EMPTY, 1000).entries().stream()
                .map(Entry::key)
                .map(Key::toString)
                .toList();
    }

    @Test
    void oneTreeInThreeShardsSurvivesARestartAndGivesItsSpaceBack() {
        final long volume;
        try (LocalNode node = start()) {
            final Volume made = node.client().administration().createVolume("bucket", ROOT, VolumeSettings.DEFAULT);
            volume = made.id();
            long parent = made.rootInode();
            for (int shard = 1; shard <= SHARDS; shard++) {
                parent = directory(node, parent, "d" + shard, shard);
            }
            put(node, volume, "d1/large", bytes(1, LARGE));
            put(node, volume, "d1/d2/large", bytes(2, LARGE));
            put(node, volume, "d1/d2/d3/small", bytes(3, 100));
            rename(node, parent, "small", made.rootInode(), "small");
            rename(node, made.rootInode(), "d1", parent, "loop-is-refused", Failure.LOOP);
            assertThat(node.fsck().run(true).findings()).isEmpty();
        }
        try (LocalNode node = start()) {
            assertThat(get(node, volume, "d1/large")).isEqualTo(bytes(1, LARGE));
            assertThat(get(node, volume, "d1/d2/large")).isEqualTo(bytes(2, LARGE));
            assertThat(get(node, volume, "small")).isEqualTo(bytes(3, 100));
            assertThat(list(node, volume))
                    .containsExactly("d1/", "d1/d2/", "d1/d2/d3/", "d1/d2/large", "d1/large", "small");
            for (final String key : List.of("d1/large", "d1/d2/large", "small", "d1/d2/d3/", "d1/d2/", "d1/")) {
                node.client().objects().delete(volume, Key.of(key), Optional.empty(), "root/root", Precondition.NONE);
            }
            assertThat(list(node, volume)).isEmpty();
            node.client().close();
            node.keeper().runOnce();
            node.keeper().runOnce();
            assertThat(node.extents().list()).isEmpty();
            assertThat(node.fsck().run(true).findings()).isEmpty();
            assertThat(node.client().administration().volumeUsage("bucket").inodes())
                    .isZero();
            node.client().administration().deleteVolume("bucket");
        }
    }

    private static void rename(
            final LocalNode node,
            final long fromParent,
            final String from,
            final long toParent,
            final String to,
            final Failure expected) {
        assertThatThrownBy(() -> rename(node, fromParent, from, toParent, to))
                .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                        .isEqualTo(expected));
    }

    @Test
    void aNodeDoesNotStartWithFewerShardsThanItsDataHas() {
        start().close();
        assertThatThrownBy(() -> LocalNode.start(NodeSettings.defaults(data)))
                .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                        .isEqualTo(Failure.INVALID_ARGUMENT));
    }

    @Test
    void aVolumeThatIsOlderThanAShardCanUseIt() {
        final long root;
        try (LocalNode node = LocalNode.start(NodeSettings.defaults(data))) {
            node.administration().ensureRoot("ROOTKEY", "rootsecret");
            root = node.client()
                    .administration()
                    .createVolume("bucket", ROOT, VolumeSettings.DEFAULT)
                    .rootInode();
        }
        try (LocalNode node = start()) {
            final long volume = node.client()
                    .administration()
                    .volume("bucket")
                    .orElseThrow()
                    .id();
            directory(node, root, "new", 2);
            put(node, volume, "new/object", bytes(1, 10));
            assertThat(get(node, volume, "new/object")).isEqualTo(bytes(1, 10));
            assertThat(node.fsck().run(true).findings()).isEmpty();
        }
    }
}
