package io.tarn.server.mount.control;

import java.io.IOException;
import java.util.Arrays;

/**
 * What is mounted where, and how.
 *
 * @param target {@code VOLUME[/sub/dir]}
 * @param directory absolute, without links
 * @param transport that carries its requests
 * @param options as {@code mount -o} has them
 * @param endpoint {@code host:port} or {@code unix:/path} of the node
 * @param accessKey id of the key on whose behalf
 * @param secret its secret
 */
public record MountDescription(
        String target,
        String directory,
        Transport transport,
        String options,
        String endpoint,
        String accessKey,
        String secret) {
    public static final String TARGET = "target";
    public static final String DIRECTORY = "directory";
    public static final String TRANSPORT = "transport";
    public static final String OPTIONS = "options";
    public static final String ENDPOINT = "endpoint";
    private static final String ACCESS_KEY = "access-key";
    private static final String SECRET = "secret";

    /** Adds this to a message that goes to the holder or the worker. */
    public Message in(final Message message) {
        return shownIn(message).with(ACCESS_KEY, accessKey).with(SECRET, secret);
    }

    /** The same for everybody's eyes. */
    public Message shownIn(final Message message) {
        return message.with(TARGET, target)
                .with(DIRECTORY, directory)
                .with(TRANSPORT, transport.name())
                .with(OPTIONS, options)
                .with(ENDPOINT, endpoint);
    }

    /** @throws IOException when something is lacking, or of a release that knows more transports */
    public static MountDescription of(final Message message) throws IOException {
        final String transport = message.get(TRANSPORT);
        return new MountDescription(
                message.get(TARGET),
                message.get(DIRECTORY),
                Arrays.stream(Transport.values())
                        .filter(known -> known.name().equals(transport))
                        .findFirst()
                        .orElseThrow(() -> new IOException("there is no transport " + transport)),
                message.get(OPTIONS),
                message.get(ENDPOINT),
                message.get(ACCESS_KEY),
                message.get(SECRET));
    }

    @Override
    public String toString() {
        return target + " on " + directory;
    }
}
