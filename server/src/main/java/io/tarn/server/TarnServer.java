package io.tarn.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.s3.gateway.S3Gateway;
import io.tarn.server.admin.AdminServer;
import io.tarn.server.admin.StartedNode;
import io.tarn.server.config.ServerConfig;
import io.tarn.server.node.EmbeddedNode;
import io.tarn.server.node.S3FrontEnd;
import io.tarn.server.node.StartFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A running server: an embedded node, the S3 front end, and the admin listener. The node and the listener start side by side; readiness is told
 * when all are up. Thread-safe.
 */
public final class TarnServer implements AutoCloseable {
    /** How long requests in work may take when the server stops; the rest of the five seconds is for the shards. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(TarnServer.class);

    private final EmbeddedNode node;
    private final S3Gateway s3;
    private final ConfigurableApplicationContext admin;

    private TarnServer(final EmbeddedNode node, final S3Gateway s3, final ConfigurableApplicationContext admin) {
        this.node = node;
        this.s3 = s3;
        this.admin = admin;
    }

    /**
     * Starts a server and returns when it is ready.
     *
     * @throws StartFailure when it cannot start; nothing is left running
     */
    public static TarnServer start(final ServerConfig config) {
        final CompletableFuture<EmbeddedNode> starting = new CompletableFuture<>();
        Thread.ofPlatform().name("node-start").start(() -> {
            try {
                starting.complete(EmbeddedNode.start(config));
            } catch (final RuntimeException | Error e) {
                starting.completeExceptionally(e);
            }
        });
        final CompletableFuture<S3Gateway> gateway = new CompletableFuture<>();
        try {
            final var admin = AdminServer.start(config.admin(), new StartedNode(), (context, started) -> {
                final EmbeddedNode node = join(starting);
                final S3Gateway s3 = S3FrontEnd.start(node.client(), config.s3());
                gateway.complete(s3);
                S3FrontEnd.measure(s3, context.getBean(MeterRegistry.class));
                node.writeClientFile(url(config.admin().bind(), AdminServer.port(context)), rpcEndpoint(node, config));
                started.set(node);
            });
            return new TarnServer(starting.join(), gateway.join(), admin);
        } catch (final RuntimeException e) {
            undo(starting, gateway);
            throw explained(e, config);
        }
    }

    private static EmbeddedNode join(final CompletableFuture<EmbeddedNode> starting) {
        try {
            return starting.join();
        } catch (final CompletionException e) {
            if (e.getCause() instanceof StartFailure failure) {
                throw failure;
            }
            throw e;
        }
    }

    private static void undo(
            final CompletableFuture<EmbeddedNode> starting, final CompletableFuture<S3Gateway> gateway) {
        if (gateway.isDone()) {
            gateway.join().close(Duration.ZERO);
        }
        starting.handle((node, failure) -> node)
                .thenAccept(node -> {
                    if (node != null) {
                        node.close();
                    }
                })
                .join();
    }

    private static StartFailure explained(final RuntimeException failure, final ServerConfig config) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartFailure known) {
                return known;
            }
            if (cause instanceof PortInUseException) {
                return new StartFailure(
                        "the admin API cannot listen on " + config.admin().bind() + ":"
                                + config.admin().port()
                                + ", the port is taken: stop what uses it, or choose another with --set admin.port=PORT",
                        failure);
            }
        }
        LOG.error("the server cannot start", failure);
        return new StartFailure("the server cannot start: " + failure.getMessage(), failure);
    }

    public EmbeddedNode node() {
        return node;
    }

    /** URL of the S3 front end. */
    public String s3Url(final ServerConfig config) {
        return url(config.s3().bind(), s3.port());
    }

    /** URL of the admin API. */
    public String adminUrl(final ServerConfig config) {
        return url(config.admin().bind(), AdminServer.port(admin));
    }

    /** Where clients in other processes connect, if they may. */
    public Optional<String> rpcEndpoint(final ServerConfig config) {
        return rpcEndpoint(node, config);
    }

    private static Optional<String> rpcEndpoint(final EmbeddedNode node, final ServerConfig config) {
        final OptionalInt port = node.rpcPort();
        return port.isPresent() ? Optional.of(reachable(config.rpc().bind(), port.getAsInt())) : Optional.empty();
    }

    private static String url(final String host, final int port) {
        return "http://" + reachable(host, port);
    }

    private static String reachable(final String host, final int port) {
        return (host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host) + ":" + port;
    }

    /** Drains the listeners side by side, then stops the node. At most five seconds on a disk that answers. */
    @Override
    public void close() {
        LOG.info("stopping");
        final Thread draining = Thread.ofPlatform().name("s3-drain").start(() -> s3.close(DRAIN));
        admin.close();
        try {
            draining.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        node.close();
        LOG.info("stopped");
    }
}
