package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.client.Principal;
import io.tarn.client.TarnClient;
import io.tarn.client.VolumeSettings;
import io.tarn.core.node.LocalNode;
import io.tarn.core.node.NodeSettings;
import io.tarn.core.protocol.Transport;
import io.tarn.core.remote.KeyPair;
import io.tarn.core.remote.RemoteClient;
import io.tarn.core.remote.RemoteOptions;
import io.tarn.core.service.ServiceLimits;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.TestInfo;

/**
 * A node on a real disk with one volume, and short words for what is done to it; by clients in the same process, or {@link Over} sockets as
 * the test class says.
 */
final class InodesFixture implements AutoCloseable {
    static final KeyPair KEYS = new KeyPair("ROOTKEY", "rootsecret");
    static final Principal OWNER = new Principal("root", "root", 7, 8, List.of(), true);

    final LocalNode node;
    final TarnClient client;
    final Inodes inodes;
    final long volume;
    final long root;
    private final Over.Wire wire;
    private final Optional<String> endpoint;
    private final List<RemoteClient> peers = new ArrayList<>();

    InodesFixture(final Path data, final TestInfo test) {
        this.wire = test.getTestClass()
                .map(tests -> tests.getAnnotation(Over.class))
                .map(Over::value)
                .orElse(Over.Wire.NONE);
        this.node = LocalNode.start(NodeSettings.defaults(data));
        node.administration().ensureRoot(KEYS.accessKey(), KEYS.secret());
        this.endpoint = switch (wire) {
            case NONE -> Optional.empty();
            case TCP -> Optional.of("127.0.0.1:" + listen("127.0.0.1:0"));
            case UNIX -> {
                listen("unix:" + data.resolve("socket"));
                yield Optional.of("unix:" + data.resolve("socket"));
            }
        };
        this.client = endpoint.<TarnClient>map(this::remote).orElseGet(node::client);
        this.inodes = client.inodes();
        this.volume = node.client()
                .administration()
                .volume("bucket")
                .orElseGet(() -> node.client().administration().createVolume("bucket", OWNER, VolumeSettings.DEFAULT))
                .id();
        this.root = inodes.root(volume).inode();
    }

    private int listen(final String where) {
        final SocketAddress listening = node.service(ServiceLimits.DEFAULT).listen(Transport.address(where));
        return listening instanceof final InetSocketAddress address ? address.getPort() : 0;
    }

    /** Files are read in place over a Unix socket, and through the node over TCP. */
    private RemoteClient remote(final String where) {
        return RemoteClient.connect(where, KEYS, RemoteOptions.DEFAULT.withLocalReads(wire == Over.Wire.UNIX));
    }

    /**
     * Another client.
     *
     * @param ending ends its session as if its time were over
     */
    record Peer(TarnClient client, Runnable ending, Runnable closing) implements AutoCloseable {
        void die() {
            ending.run();
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    Peer connect() {
        if (endpoint.isPresent()) {
            final RemoteClient remote = remote(endpoint.get());
            peers.add(remote);
            return new Peer(
                    remote,
                    () -> node.sessions().forEach(shard -> shard.end(List.of(remote.session()))),
                    remote::close);
        }
        final LocalNode.Connection other = node.connect();
        return new Peer(other.client(), () -> other.sessions().forEach(ShardSession::end), other::close);
    }

    /** Has the client tell the shards of its readers, as if some time had passed. */
    void pass(final Duration time) {
        final long then = System.nanoTime() + time.toNanos();
        final boolean more =
                switch (client) {
                    case final SessionClient local -> local.round(then);
                    case final RemoteClient remote -> remote.round(then);
                    default -> throw new IllegalStateException("a client of another kind");
                };
        assertThat(more).isFalse();
    }

    Node file(final String name) {
        return inodes.make(root, Key.of(name), NewNode.file(0644, OWNER), true);
    }

    Node directory(final long parent, final String name) {
        return inodes.make(parent, Key.of(name), NewNode.directory(0755, OWNER), true);
    }

    static ByteBuffer text(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] random(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static byte[] read(final OpenFile file, final long offset, final int length) {
        final ByteBuffer target = ByteBuffer.allocate(length);
        final int count = file.read(offset, target);
        final byte[] bytes = new byte[count];
        target.flip().get(bytes);
        return bytes;
    }

    static String readText(final OpenFile file) {
        return new String(read(file, 0, 1 << 16), StandardCharsets.UTF_8).replace('\0', '.');
    }

    @Override
    public void close() {
        if (endpoint.isPresent()) {
            client.close();
            peers.forEach(RemoteClient::leave);
        }
        node.close();
    }
}
