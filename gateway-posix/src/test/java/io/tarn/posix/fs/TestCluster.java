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
import io.tarn.core.protocol.Transport;
import io.tarn.core.service.ServiceLimits;
import io.tarn.posix.journal.MountJournal;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
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

    /** Small enough that files are committed for room. */
    private static final long JOURNAL_BYTES = 4 << 20;
    /** How the tests mount where they do not say. */
    public static final MountOptions OPTIONS = MountOptions.parse(System.getProperty("tarn.mount.options", ""));

    public final LocalNode node;
    private final List<Runnable> opened = new ArrayList<>();
    private Optional<String> endpoint = Optional.empty();

    public TestCluster(final Path data) {
        this(NodeSettings.defaults(data));
    }

    public TestCluster(final NodeSettings settings) {
        this.node = LocalNode.start(settings);
        node.administration().ensureRoot("ROOTKEY", "rootsecret");
    }

    public long volume(final String name) {
        return volume(name, Quota.NONE, Versioning.OFF);
    }

    public long volume(final String name, final Quota quota, final Versioning versioning) {
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
                options,
                MountJournal.open(Arena.ofAuto().allocate(JOURNAL_BYTES, Long.BYTES), (from, length) -> {}),
                (shard, sequence) -> Optional.empty());
        opened.addFirst(files::close);
        return files;
    }

    /** Where clients in other processes connect to. */
    public String endpoint() {
        if (endpoint.isEmpty()) {
            final var address =
                    (InetSocketAddress) node.service(ServiceLimits.DEFAULT).listen(Transport.address("127.0.0.1:0"));
            endpoint = Optional.of("127.0.0.1:" + address.getPort());
        }
        return endpoint.get();
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

    public void delete(final long volume, final String key) {
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
