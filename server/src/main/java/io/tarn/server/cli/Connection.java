package io.tarn.server.cli;

import io.tarn.server.access.ClientFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Options that say which server to ask, and as whom: flags, then the environment, then the client file. */
final class Connection {
    static final String DEFAULT_ENDPOINT = "http://127.0.0.1:9001";
    static final String DEFAULT_CLIENTS = "127.0.0.1:9002";
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "Admin endpoint of the server. Otherwise TARN_ENDPOINT, then the client file, then "
                    + DEFAULT_ENDPOINT + ". For mounts also HOST:PORT where clients connect (rpc.port).")
    private String endpoint;

    @Option(
            names = "--access-key-id",
            paramLabel = "ID",
            description = "Access key to sign with. Otherwise TARN_ACCESS_KEY, then the client file.")
    private String accessKey;

    @Option(
            names = "--secret",
            paramLabel = "SECRET",
            description =
                    "Its secret. Otherwise TARN_SECRET_KEY, then the client file. Shows in process lists; prefer the others.")
    private String secretKey;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "tarn-data",
            description = "Data directory of an embedded server, for its client file. Default: ./${DEFAULT-VALUE}.")
    private Path data = Path.of("tarn-data");

    /** For a caller that is not given flags. */
    void endpoint(final String given) {
        endpoint = given;
    }

    void data(final Path given) {
        data = given;
    }

    AdminClient client() {
        return client(System.getenv());
    }

    AdminClient client(final Map<String, String> environment) {
        final Optional<ClientFile> file = clientFile();
        final String url = first(endpoint, environment.get("TARN_ENDPOINT"), file.map(ClientFile::endpoint))
                .orElse(DEFAULT_ENDPOINT);
        final Key key = key(environment, file);
        return new AdminClient(url, key.id(), key.secret());
    }

    /** An access key with its secret. */
    private record Key(String id, String secret) {}

    /**
     * Where clients such as mounts connect, and as whom.
     *
     * @param endpoint {@code host:port} or {@code unix:/path}
     * @param accessKey id of the key
     * @param secret its secret
     */
    record Node(String endpoint, String accessKey, String secret) {
        @Override
        public String toString() {
            return "Node[" + endpoint + ", " + accessKey + "]";
        }
    }

    /** An endpoint that is no URL is a node's own; a URL is the admin API's, which is asked. */
    Node node(final Map<String, String> environment) {
        final Optional<ClientFile> file = clientFile();
        final Key key = key(environment, file);
        final Optional<String> told = first(endpoint, environment.get("TARN_ENDPOINT"), Optional.empty());
        final String address = told.map(given -> given.contains("://") ? asked(given, key) : given)
                .or(() -> file.flatMap(ClientFile::clients))
                .or(() -> file.map(known -> asked(known.endpoint(), key)))
                .orElse(DEFAULT_CLIENTS);
        return new Node(address, key.id(), key.secret());
    }

    private static String asked(final String url, final Key key) {
        final String told = new AdminClient(url, key.id(), key.secret())
                .get("/status")
                .path("clients")
                .asString("");
        if (told.isEmpty()) {
            throw new CommandFailure(
                    CommandFailure.NO_SERVER,
                    "the server at " + url + " does not listen to clients in other processes (rpc.port)");
        }
        final String port = told.substring(told.lastIndexOf(':'));
        final String host = told.substring(0, told.length() - port.length());
        return (EVERYWHERE.contains(host) ? URI.create(url).getHost() : host) + port;
    }

    private Key key(final Map<String, String> environment, final Optional<ClientFile> file) {
        final Optional<String> id =
                first(accessKey, environment.get("TARN_ACCESS_KEY"), file.map(ClientFile::accessKey));
        final Optional<String> secret =
                first(secretKey, environment.get("TARN_SECRET_KEY"), file.map(ClientFile::secretKey));
        if (id.isEmpty() || secret.isEmpty()) {
            throw new CommandFailure(
                    CommandFailure.USAGE,
                    "no access key: set TARN_ACCESS_KEY and TARN_SECRET_KEY, or name the data directory of a server with"
                            + " --data (" + data.resolve(ClientFile.NAME) + " does not exist)");
        }
        return new Key(id.get(), secret.get());
    }

    private Optional<ClientFile> clientFile() {
        try {
            return ClientFile.read(data);
        } catch (final IOException e) {
            throw new CommandFailure(CommandFailure.FAILED, "cannot read the client file: " + e.getMessage(), e);
        }
    }

    private static Optional<String> first(final String flag, final String variable, final Optional<String> fromFile) {
        return Optional.ofNullable(flag)
                .or(() -> Optional.ofNullable(variable).filter(value -> !value.isBlank()))
                .or(() -> fromFile);
    }
}
