package io.tarn.posix.fs;

import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.client.VolumeSettings;
import io.tarn.core.node.LocalNode;
import io.tarn.core.node.NodeSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node on a real disk, with as many mounts as a test wants, each by a client of its own. */
public final class TestCluster implements AutoCloseable {
    public static final Principal OWNER = new Principal("root", "root", 0, 0, List.of(), true);

    /** How the tests mount where they do not say. */
    public static final MountOptions OPTIONS = MountOptions.parse(System.getProperty("tarn.mount.options", ""));

    public final LocalNode node;
    private final List<Runnable> opened = new ArrayList<>();

    public TestCluster(final Path data) {
        this.node = LocalNode.start(NodeSettings.defaults(data));
        node.administration().ensureRoot("ROOTKEY", "rootsecret");
    }

    public long volume(final String name) {
        return volume(name, Quota.NONE, Versioning.OFF);
    }

    long volume(final String name, final Quota quota, final Versioning versioning) {
        return node.client()
                .administration()
                .volume(name)
                .orElseGet(() -> node.client()
                        .administration()
                        .createVolume(name, OWNER, new VolumeSettings(quota, versioning, Map.of())))
                .id();
    }

    TestMount mount(final String target) {
        return mount(target, OPTIONS);
    }

    /** Mounts as from another machine. */
    TestMount mount(final String target, final MountOptions options) {
        return new TestMount(files(target, options));
    }

    /** The same, for a transport. */
    public VolumeFileSystem files(final String target, final MountOptions options) {
        final LocalNode.Connection connection = node.connect();
        opened.addFirst(connection::close);
        final VolumeFileSystem files = VolumeFileSystem.of(
                connection.client(),
                () -> connection.sessions().getFirst().session(),
                MountTarget.parse(target),
                OWNER,
                options);
        opened.addFirst(files::close);
        return files;
    }

    ObjectStore objects() {
        return node.client().objects();
    }

    public void put(final long volume, final String key, final String content) {
        try (ContentWriter writer = objects().write(volume)) {
            writer.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            objects().put(volume, Key.of(key), OWNER, writer.finish(), "etag", ObjectMeta.NONE, Precondition.NONE);
        }
    }

    public String get(final long volume, final String key) {
        try (ContentReader reader = objects().open(volume, Key.of(key), Optional.empty())) {
            final ByteBuffer target =
                    ByteBuffer.allocate(Math.toIntExact(reader.info().size()));
            reader.read(0, target);
            return new String(target.array(), StandardCharsets.UTF_8);
        }
    }

    void delete(final long volume, final String key) {
        objects().delete(volume, Key.of(key), Optional.empty(), "root/root", Precondition.NONE);
    }

    /** Commands that the shards have taken so far. */
    public long commands() {
        return node.sessions().stream()
                .mapToLong(session -> session.shard().stats().proposals())
                .sum();
    }

    @Override
    public void close() {
        opened.forEach(Runnable::run);
        node.close();
    }
}
