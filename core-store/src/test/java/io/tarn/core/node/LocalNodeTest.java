package io.tarn.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Volume;
import io.tarn.client.VolumeSettings;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.ExtentQueries;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole core on a real disk: real Raft, real RocksDB, real extents. */
class LocalNodeTest {
    private static final Principal ROOT = new Principal("root", "root", 0, 0, List.of(), true);

    @TempDir
    Path data;

    private LocalNode start() {
        final LocalNode node = LocalNode.start(NodeSettings.defaults(data));
        node.administration().ensureRoot("ROOTKEY", "rootsecret");
        return node;
    }

    private static Volume volume(final LocalNode node) {
        return node.client().administration().volume("bucket").orElseGet(() -> node.client()
                .administration()
                .createVolume("bucket", ROOT, VolumeSettings.DEFAULT));
    }

    private static byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
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
                    ByteBuffer.allocateDirect(Math.toIntExact(reader.info().size()));
            reader.read(0, target);
            final byte[] content = new byte[target.flip().remaining()];
            target.get(content);
            return content;
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterARestart() {
        final int[] sizes = {0, 1, 4096, 4097, 100_000, 9_000_000};
        try (LocalNode node = start()) {
            final long volume = volume(node).id();
            for (final int size : sizes) {
                put(node, volume, "dir/" + size, bytes(size));
            }
        }
        try (LocalNode node = start()) {
            final long volume = volume(node).id();
            for (final int size : sizes) {
                assertThat(get(node, volume, "dir/" + size)).isEqualTo(bytes(size));
            }
            assertThat(node.client()
                            .objects()
                            .list(volume, Key.of("dir/"), Key.EMPTY, Key.EMPTY, 1000)
                            .entries())
                    .hasSize(sizes.length);
        }
    }

    @Test
    void deletedBytesAreGivenBackButNotFromUnderAnOpenReader() {
        try (LocalNode node = start()) {
            final long volume = volume(node).id();
            put(node, volume, "big", bytes(3_000_000));
            try (ContentReader reader = node.client().objects().open(volume, Key.of("big"), Optional.empty())) {
                node.client().objects().delete(volume, Key.of("big"), Optional.empty(), "root/root", Precondition.NONE);
                node.client().close();
                node.keeper().runOnce();
                final ByteBuffer target = ByteBuffer.allocateDirect(3_000_000);
                assertThat(reader.read(0, target)).isEqualTo(3_000_000);
                assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes(3_000_000)));
            }
            node.keeper().runOnce();
            assertThat(node.extents().list()).isEmpty();
            final List<ExtentQueries.Known> known = new ArrayList<>();
            node.shards().getFirst().read(reader -> {
                new ExtentQueries(reader).extents(known::add);
                return true;
            });
            assertThat(known).isEmpty();
        }
    }

    @Test
    void aVolumeWithAnObjectIsNotDeleted() {
        try (LocalNode node = start()) {
            final long volume = volume(node).id();
            put(node, volume, "a", bytes(10));
            assertThatThrownBy(() -> node.client().administration().deleteVolume("bucket"))
                    .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                            .isEqualTo(Failure.NOT_EMPTY));
            node.client().objects().delete(volume, Key.of("a"), Optional.empty(), "root/root", Precondition.NONE);
            node.client().administration().deleteVolume("bucket");
            assertThat(node.client().administration().volume("bucket")).isEmpty();
        }
    }

    @Test
    void aQuotaHolds() {
        try (LocalNode node = start()) {
            final Volume volume = node.client()
                    .administration()
                    .createVolume(
                            "bucket",
                            ROOT,
                            new VolumeSettings(
                                    new Quota(1000, Quota.UNLIMITED),
                                    VolumeSettings.DEFAULT.versioning(),
                                    VolumeSettings.DEFAULT.attributes()));
            put(node, volume.id(), "a", bytes(600));
            assertThatThrownBy(() -> put(node, volume.id(), "b", bytes(600)))
                    .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                            .isEqualTo(Failure.QUOTA_EXCEEDED));
            put(node, volume.id(), "a", bytes(900));
            assertThat(node.client().administration().volumeUsage("bucket").bytes())
                    .isEqualTo(900);
        }
    }
}
