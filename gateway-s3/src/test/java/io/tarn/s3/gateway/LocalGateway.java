package io.tarn.s3.gateway;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.tarn.client.Quota;
import io.tarn.client.TarnClient;
import io.tarn.core.node.LocalNode;
import io.tarn.core.node.NodeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The real thing for tests: a node on disk with the gateway before it, and the users that tests need. */
public final class LocalGateway implements AutoCloseable {
    public static final String ACCESS_KEY = "MAINKEY0000000000000";
    public static final String SECRET_KEY = "mainsecretmainsecretmainsecret";

    /** Not pooled, so that what is in use is known to the byte. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    private final LocalNode node;
    private final S3Gateway gateway;

    public LocalGateway(final Path data, final int port) {
        this(data, S3Settings.defaults().withPort(port), client -> client);
    }

    LocalGateway(final Path data, final S3Settings settings, final UnaryOperator<TarnClient> between) {
        this(NodeSettings.defaults(data), settings, between);
    }

    LocalGateway(final NodeSettings storage, final S3Settings settings, final UnaryOperator<TarnClient> between) {
        this.node = LocalNode.start(storage);
        node.administration().ensureRoot("ROOTKEY00000000", "rootsecretrootsecret");
        user("t1", "main", ACCESS_KEY, SECRET_KEY);
        user("t1", "alt", "ALTKEY00000000000000", "altsecretaltsecretaltsecretalt");
        user("t2", "tenant", "TENANTKEY0000000000", "tenantsecrettenantsecrettenant");
        this.gateway = S3Gateway.start(between.apply(node.client()), settings, allocator);
    }

    private void user(final String tenant, final String name, final String key, final String secret) {
        final var administration = node.administration();
        if (administration.tenant(tenant).isEmpty()) {
            administration.createTenant(tenant, Quota.NONE);
        }
        if (administration.user(tenant, name).isEmpty()) {
            administration.createUser(tenant, name, Optional.empty(), Optional.empty(), List.of());
            administration.createKey(tenant, name, Optional.of(key), Optional.of(secret));
        }
    }

    /** Bytes of buffers that connections hold. */
    long bufferedBytes() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    S3Gateway gateway() {
        return gateway;
    }

    public LocalNode node() {
        return node;
    }

    public int port() {
        return gateway.port();
    }

    @Override
    public void close() {
        gateway.close(Duration.ofSeconds(2));
        node.close();
    }

    /** Serves until it is stopped: {@code LocalGateway DATA PORT}. */
    public static void main(final String[] arguments) throws InterruptedException {
        final LocalGateway local = new LocalGateway(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(local::close));
        Thread.currentThread().join();
    }
}
