package io.tarn.core.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.RenameMode;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.service.ServiceLimits;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client in another process, whose names lie in several shards. */
final class RemoteAcrossShardsTest {
    private static final int SHARDS = 3;
    private static final int ROUNDS = 12;

    @TempDir
    Path data;

    private static long directory(final ServedNode node, final long parent, final String name, final int shard) {
        final Command.Builder command = Command.newBuilder();
        command.getMakeNodeBuilder()
                .setParent(parent)
                .setName(ByteString.copyFromUtf8(name))
                .setType(FileType.DIRECTORY)
                .setMode(0755)
                .setOwner("ann/ann");
        return node.node.names().makeDirectory(command, shard).getNode().getInode();
    }

    @Test
    void filesGoFromShardToShardOnceHoweverOftenTheConnectionIsCut() throws Exception {
        try (ServedNode node = new ServedNode(data, ServiceLimits.DEFAULT, SHARDS)) {
            try (CuttingProxy proxy = new CuttingProxy(node.port(), 3, 8_000);
                    RemoteClient ann = RemoteClient.connect(
                            proxy.endpoint(), ServedNode.ANN, RemoteOptions.DEFAULT.withLocalReads(false))) {
                final long root = ann.inodes().root(node.annsVolume).inode();
                final List<Long> directories = List.of(
                        directory(node, root, "d1", 1), directory(node, root, "d2", 2), directory(node, root, "d3", 3));
                final long file = ann.inodes()
                        .make(directories.getFirst(), Key.of("f"), NewNode.file(0644, ServedNode.OWNER), true)
                        .inode();
                for (int round = 0; round < ROUNDS; round++) {
                    final long from = directories.get(round % SHARDS);
                    final long to = directories.get((round + 1) % SHARDS);
                    ann.inodes().rename(from, Key.of("f"), to, Key.of("f"), RenameMode.NO_REPLACE, "");
                    assertThat(ann.inodes()
                                    .lookup(to, Key.of("f"))
                                    .orElseThrow()
                                    .inode())
                            .isEqualTo(file);
                    assertThat(ann.inodes().lookup(from, Key.of("f"))).isEmpty();
                    ann.inodes().link(file, from, Key.of("l" + round));
                }
                assertThat(ann.inodes().find(file).orElseThrow().links()).isEqualTo(ROUNDS + 1);
                assertThatThrownBy(() -> ann.inodes().removeDirectory(root, Key.of("d2")))
                        .isInstanceOf(StorageException.class);
                proxy.spare();
            }
            assertThat(node.node.fsck().run(false).findings()).isEmpty();
        }
    }
}
