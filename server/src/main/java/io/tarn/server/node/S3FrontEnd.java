package io.tarn.server.node;

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
                config.stallTimeout());
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
}
