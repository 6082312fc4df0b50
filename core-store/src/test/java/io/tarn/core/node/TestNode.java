package io.tarn.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Content;
import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.VolumeSettings;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.fsck.FsckReport;
import io.tarn.core.keeper.CompactionSettings;
import io.tarn.core.keeper.KeeperSettings;
import io.tarn.core.keeper.ScrubSettings;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import io.tarn.core.shard.Shard;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A whole node on a real disk, whose compaction and scrubbing are left to the test, and short words for what is done with it. */
public final class TestNode implements AutoCloseable {
    public static final Principal ROOT = new Principal("root", "root", 0, 0, List.of(), true);

    public final LocalNode node;

    private TestNode(final LocalNode node) {
        this.node = node;
    }

    public static TestNode start(final Path data) {
        final KeeperSettings quiet = new KeeperSettings(
                Duration.ofDays(1),
                1_000_000,
                Duration.ofDays(1),
                new CompactionSettings(0, 0, 1, Duration.ofDays(1)),
                new ScrubSettings(1, Duration.ZERO));
        final LocalNode node = LocalNode.start(NodeSettings.defaults(data).withKeepers(quiet));
        node.administration().ensureRoot("ROOTKEY", "rootsecret");
        return new TestNode(node);
    }

    /** The session with the node's one shard. */
    public ShardSession session() {
        return node.sessions().getFirst();
    }

    public Shard shard() {
        return session().shard();
    }

    public ReadPins pins() {
        return session().pins();
    }

    public ObjectStore objects() {
        return node.client().objects();
    }

    /** Id of the volume of that name, which is made if need be. */
    public long volume(final String name) {
        return node.client()
                .administration()
                .volume(name)
                .orElseGet(() -> node.client().administration().createVolume(name, ROOT, VolumeSettings.DEFAULT))
                .id();
    }

    public static byte[] bytes(final int length, final long seed) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    public ObjectInfo put(final long volume, final String key, final byte[] content) {
        try (ContentWriter writer = objects().write(volume)) {
            writer.write(ByteBuffer.wrap(content));
            return name(volume, key, writer.finish());
        }
    }

    public ObjectInfo name(final long volume, final String key, final Content content) {
        return objects().put(volume, Key.of(key), ROOT, content, "etag", ObjectMeta.NONE, Precondition.NONE);
    }

    public void delete(final long volume, final String key) {
        objects().delete(volume, Key.of(key), Optional.empty(), "root/root", Precondition.NONE);
    }

    public byte[] get(final long volume, final String key) {
        try (ContentReader reader = objects().open(volume, Key.of(key), Optional.empty())) {
            return read(reader);
        }
    }

    public static byte[] read(final ContentReader reader) {
        final ByteBuffer target =
                ByteBuffer.allocate(Math.toIntExact(reader.info().size()));
        reader.read(0, target);
        return target.array();
    }

    /** Seals and releases every extent that is being written to. */
    public void seal() {
        node.writers().tick(System.nanoTime() + Duration.ofHours(1).toNanos());
    }

    public List<ExtentId> extents() {
        final List<ExtentId> extents = new ArrayList<>();
        shard().read(reader -> {
            new ExtentQueries(reader).extents(known -> extents.add(known.id()));
            return true;
        });
        return extents;
    }

    public void assertSound() {
        final FsckReport report = node.fsck().run(true);
        assertThat(report.findings()).isEmpty();
    }

    @Override
    public void close() {
        node.close();
    }
}
