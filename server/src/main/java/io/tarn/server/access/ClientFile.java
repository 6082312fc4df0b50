package io.tarn.server.access;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a server leaves in its data directory for the command line, readable by its owner alone.
 *
 * @param endpoint URL of the admin API
 * @param clients {@code host:port} for clients in other processes such as mounts, where they are listened to
 * @param accessKey id of the first access key
 * @param secretKey its secret
 */
public record ClientFile(String endpoint, Optional<String> clients, String accessKey, String secretKey) {
    public static final String NAME = "client.yaml";

    /** The file in this data directory; empty when there is none. */
    public static Optional<ClientFile> read(final Path dataDirectory) throws IOException {
        final Path file = dataDirectory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            final Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            if (content instanceof Map<?, ?> map
                    && map.get("endpoint") instanceof String endpoint
                    && map.get("access-key") instanceof String accessKey
                    && map.get("secret-key") instanceof String secretKey) {
                final Optional<String> clients =
                        Optional.ofNullable(map.get("clients")).map(Object::toString);
                return Optional.of(new ClientFile(endpoint, clients, accessKey, secretKey));
            }
            throw new IOException(file + " does not hold endpoint, access-key and secret-key");
        } catch (final YAMLException e) {
            throw new IOException(file + " is not YAML", e);
        }
    }

    /** Replaces the file as a whole and durably: the generated first key is nowhere else in clear. */
    public void write(final Path dataDirectory) throws IOException {
        final String text = """
                # How the tarn command finds this server. Written at each start; keep it secret.
                endpoint: "%s"
                %saccess-key: "%s"
                secret-key: "%s"
                """.formatted(
                        endpoint,
                        clients.map(address -> "clients: \"" + address + "\"\n").orElse(""),
                        quoted(accessKey),
                        quoted(secretKey));
        final Path draft = dataDirectory.resolve(NAME + ".new");
        Files.deleteIfExists(draft);
        final var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel =
                FileChannel.open(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            final ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, dataDirectory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(dataDirectory, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static String quoted(final String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    @Override
    public String toString() {
        return "ClientFile[" + endpoint + ", " + accessKey + "]";
    }
}
