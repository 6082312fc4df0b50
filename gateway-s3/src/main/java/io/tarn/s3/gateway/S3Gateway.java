package io.tarn.s3.gateway;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.tarn.client.TarnClient;
import io.tarn.s3.auth.AuthSettings;
import io.tarn.s3.auth.RequestAuthenticator;
import io.tarn.s3.auth.Secret;
import io.tarn.s3.request.Addressing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * The S3 front end: an HTTP/1.1 server over a {@link TarnClient}. Stateless; any number may run over one cluster. Thread-safe.
 */
public final class S3Gateway implements AutoCloseable {
    /** How long {@link #close()} waits for requests in work. */
    public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(4);

    /** A request without a body fits. */
    private static final int RECEIVE_BYTES_MIN = 2048;

    private final DisposableServer server;
    private final LoopResources loops;
    private final RequestHandler handler;
    private final ConnectionLimit connections;
    private final LongAdder slowClients;

    private S3Gateway(
            final DisposableServer server,
            final LoopResources loops,
            final RequestHandler handler,
            final ConnectionLimit connections,
            final LongAdder slowClients) {
        this.server = server;
        this.loops = loops;
        this.handler = handler;
        this.connections = connections;
        this.slowClients = slowClients;
    }

    /** Binds and serves. The client stays the caller's to close, after the gateway. */
    public static S3Gateway start(final TarnClient client, final S3Settings settings) {
        return start(client, settings, ByteBufAllocator.DEFAULT);
    }

    static S3Gateway start(final TarnClient client, final S3Settings settings, final ByteBufAllocator allocator) {
        S3Settings.Limits limits = settings.limits();
        var ids = new RequestIds();
        var addressing = new Addressing(settings.baseDomains());
        var authenticator = new RequestAuthenticator(
                key -> client.administration().credential(key).map(credential -> Secret.of(credential.secret())),
                new AuthSettings(settings.region(), true),
                InstantSource.system());
        var slowClients = new LongAdder();
        var connections = new ConnectionLimit(limits.connections());
        Pace pace = Pace.of(limits);
        var handler = new RequestHandler(
                client.administration(),
                addressing,
                authenticator,
                new Operations(client, settings),
                ids,
                limits,
                slowClients);
        LoopResources loops =
                LoopResources.create("s3-loop", Runtime.getRuntime().availableProcessors(), true);
        DisposableServer server = HttpServer.create()
                .host(settings.host())
                .port(settings.port())
                .runOn(loops)
                .channelGroup(new DefaultChannelGroup("s3", ImmediateEventExecutor.INSTANCE))
                .idleTimeout(limits.idleTimeout())
                .httpRequestDecoder(decoder ->
                        decoder.maxInitialLineLength(limits.requestLineBytes()).maxHeaderSize(limits.headerBytes()))
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(ContentPump.LOW_WATER_BYTES, ContentPump.HIGH_WATER_BYTES))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(
                                RECEIVE_BYTES_MIN, RECEIVE_BYTES_MIN, StreamedBody.BUFFER_BYTES_MAX))
                .doOnChannelInit((observer, channel, remote) -> {
                    if (!connections.admit(channel)) {
                        return;
                    }
                    WritabilityGate.install(channel);
                    HeadGuard.install(channel, ids, limits.stallTimeout(), slowClients);
                    SlowReaders.install(channel, pace, slowClients);
                })
                .handle(handler::handle)
                .bindNow();
        return new S3Gateway(server, loops, handler, connections, slowClients);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Answers that broke off after their status was sent, because stored content could not be read; only goes up. */
    public long brokenOff() {
        return handler.brokenOff();
    }

    /** Requests answered SlowDown because too many were in work already; only goes up. */
    public long turnedAway() {
        return handler.turnedAway();
    }

    /** Requests that may be taken on beside those in work. */
    int places() {
        return handler.places();
    }

    /** Connections closed at once because too many were open already; only goes up. */
    public long connectionsTurnedAway() {
        return connections.turnedAway();
    }

    /** Clients given up because they sent or took too slowly; only goes up. */
    public long slowClients() {
        return slowClients.sum();
    }

    /** Stops taking connections, lets requests in work finish for at most {@code drain}, then closes what is left. */
    public void close(final Duration drain) {
        server.disposeNow(drain);
        loops.disposeLater(Duration.ZERO, drain).block();
    }

    @Override
    public void close() {
        close(DEFAULT_DRAIN);
    }
}
