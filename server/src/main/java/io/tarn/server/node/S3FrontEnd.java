package io.tarn.server.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.client.TarnClient;
import io.tarn.s3.gateway.S3Gateway;
import io.tarn.s3.gateway.S3Settings;
import io.tarn.server.config.ServerConfig;
import reactor.netty.ChannelBindException;

/** Starts the S3 front end as the configuration says. */
public final class S3FrontEnd {
    private S3FrontEnd() {}

    /** @throws StartFailure when the port cannot be bound */
    public static S3Gateway start(final TarnClient client, final ServerConfig.S3 config) {
        final var limits = new S3Settings.Limits(
                config.connections(),
                config.requests(),
                Math.toIntExact(config.requestLine().bytes()),
                Math.toIntExact(config.headers().bytes()),
                config.idleTimeout(),
                config.stallTimeout(),
                config.minRate().bytes());
        final var settings =
                new S3Settings(config.bind(), config.port(), config.baseDomains(), config.region(), limits);
        try {
            return S3Gateway.start(client, settings);
        } catch (final ChannelBindException e) {
            throw new StartFailure(
                    "S3 cannot listen on " + config.bind() + ":" + config.port()
                            + ", the port is taken: stop what uses it, or choose another with --set s3.port=PORT",
                    e);
        }
    }

    /** Makes what the front end counts visible among the server's metrics. */
    public static void measure(final S3Gateway gateway, final MeterRegistry metrics) {
        FunctionCounter.builder("tarn.s3.answers.broken.off", gateway, S3Gateway::brokenOff)
                .description("Answers cut off after their status was sent, because stored content could not be read")
                .register(metrics);
        FunctionCounter.builder("tarn.s3.requests.turned.away", gateway, S3Gateway::turnedAway)
                .description("Requests answered SlowDown because too many were in work already")
                .register(metrics);
        FunctionCounter.builder("tarn.s3.connections.turned.away", gateway, S3Gateway::connectionsTurnedAway)
                .description("Connections closed at once because too many were open already")
                .register(metrics);
        FunctionCounter.builder("tarn.s3.slow.clients", gateway, S3Gateway::slowClients)
                .description("Clients given up because they sent a request or took its answer too slowly")
                .register(metrics);
    }
}
