package io.tarn.core.remote;

import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.VolumeSettings;
import io.tarn.core.node.LocalNode;
import io.tarn.core.node.NodeSettings;
import io.tarn.core.protocol.Transport;
import io.tarn.core.service.NodeService;
import io.tarn.core.service.ServiceLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A node with a service, two tenants with a volume each, and a life after its death on the same port. */
final class ServedNode implements AutoCloseable {
    static final KeyPair ROOT = new KeyPair("ROOTKEY", "rootsecret");
    static final KeyPair ANN = new KeyPair("ANNSKEY1", "annssecret");
    static final KeyPair BOB = new KeyPair("BOBSKEY1", "bobssecret");
    static final Principal OWNER = new Principal("ann", "ann", 1, 1, List.of(), false);

    private final Path data;
    private final ServiceLimits limits;
    private final int shards;
    private int port;
    LocalNode node;
    NodeService service;
    final long annsVolume;
    final long bobsVolume;

    ServedNode(final Path data) {
        this(data, ServiceLimits.DEFAULT, 1);
    }

    ServedNode(final Path data, final ServiceLimits limits, final int shards) {
        this.shards = shards;
        this.data = data;
        this.limits = limits;
        start();
        node.administration().ensureRoot(ROOT.accessKey(), ROOT.secret());
        this.annsVolume = tenant(ANN, "ann");
        this.bobsVolume = tenant(BOB, "bob");
    }

    private long tenant(final KeyPair keys, final String name) {
        node.administration().createTenant(name, Quota.NONE);
        node.administration().createUser(name, name, Optional.empty(), Optional.empty(), List.of());
        node.administration().createKey(name, name, Optional.of(keys.accessKey()), Optional.of(keys.secret()));
        return node.administration()
                .createVolume(
                        name + "s-volume", new Principal(name, name, 1, 1, List.of(), false), VolumeSettings.DEFAULT)
                .id();
    }

    private void start() {
        node = LocalNode.start(NodeSettings.defaults(data).withShardCount(shards));
        service = node.service(limits);
        port = ((InetSocketAddress) service.listen(Transport.address("127.0.0.1:" + port))).getPort();
    }

    void restart() {
        node.close();
        start();
    }

    int port() {
        return port;
    }

    String endpoint() {
        return "127.0.0.1:" + port;
    }

    RemoteClient connect(final KeyPair keys) {
        return RemoteClient.connect(endpoint(), keys, RemoteOptions.DEFAULT.withLocalReads(false));
    }

    @Override
    public void close() {
        node.close();
    }
}
