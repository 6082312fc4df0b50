package io.tarn.server.cli;

import io.tarn.server.access.ClientFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say which server to ask, and as whom: flags, then the environment, then the client file. */
final class Connection {
    static final String DEFAULT_ENDPOINT = "http://127.0.0.1:9001";

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "Admin endpoint of the server. Otherwise TARN_ENDPOINT, then the client file, then "
                    + DEFAULT_ENDPOINT + ".")
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
    private Path data;

    AdminClient client() {
        return client(System.getenv());
    }

    AdminClient client(final Map<String, String> environment) {
        final Optional<ClientFile> file = clientFile();
        final String url = first(endpoint, environment.get("TARN_ENDPOINT"), file.map(ClientFile::endpoint))
                .orElse(DEFAULT_ENDPOINT);
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
        return new AdminClient(url, id.get(), secret.get());
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
