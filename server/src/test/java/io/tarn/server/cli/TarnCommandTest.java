package io.tarn.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.remote.KeyPair;
import io.tarn.core.remote.RemoteClient;
import io.tarn.core.remote.RemoteOptions;
import io.tarn.server.TarnServer;
import io.tarn.server.access.ClientFile;
import io.tarn.server.config.ConfigReader;
import io.tarn.server.config.ServerConfig;
import io.tarn.server.node.StartFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a whole server, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TarnCommandTest {
    @TempDir
    static Path directory;

    private Path data;
    private ServerConfig config;
    private TarnServer server;

    /** What a command printed and how it ended. */
    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    void start() {
        data = directory.resolve("data");
        config = ConfigReader.read(
                ServerConfig.class, List.of("data=" + data, "s3.port=0", "admin.port=0", "rpc.port=0"));
        server = TarnServer.start(config);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void tenantsUsersKeysAndVolumesLiveTheirWholeLife() {
        assertThat(tarn("tenant", "create", "life", "--quota", "1GiB").code()).isZero();
        assertThat(tarn("tenant", "set", "life", "--inodes", "5").out()).contains("1GiB, 5 inodes");
        assertThat(tarn("user", "create", "main", "--tenant", "life", "--uid", "77")
                        .out())
                .contains("77");
        assertThat(tarn("user", "set", "life/main", "--groups", "1,2").out()).contains("1,2");
        assertThat(tarn("user", "list", "--tenant", "life").out()).contains("main");
        final String made = tarn(
                        "key",
                        "create",
                        "--user",
                        "life/main",
                        "--access-key",
                        "LIFEKEY",
                        "--secret-key",
                        "lifesecret12")
                .out();
        assertThat(made).contains("LIFEKEY", "lifesecret12");
        assertThat(tarn("key", "list", "--user", "life/main").out())
                .contains("LIFEKEY")
                .doesNotContain("lifesecret");
        assertThat(tarn("volume", "create", "life-volume", "--tenant", "life", "--quota", "10GiB")
                        .out())
                .contains("life/main", "10GiB");
        assertThat(tarn("volume", "set", "life-volume", "--quota", "none").out())
                .contains("none");
        assertThat(tarn("volume", "show", "life-volume", "--json").out()).contains("\"usage\"");
        assertThat(tarn("tenant", "delete", "life").code()).isEqualTo(CommandFailure.FAILED);
        assertThat(tarn("volume", "delete", "life-volume").code()).isZero();
        assertThat(tarn("key", "set", "LIFEKEY", "--disable").out()).contains("false");
        assertThat(tarn("key", "delete", "LIFEKEY").code()).isZero();
        assertThat(tarn("user", "delete", "life/main").code()).isZero();
        assertThat(tarn("tenant", "delete", "life").code()).isZero();
        assertThat(tarn("tenant", "show", "life").code()).isEqualTo(CommandFailure.NOT_FOUND);
    }

    @Test
    void othersSeeTheirOwnTenantOnly() {
        for (final String tenant : List.of("left", "right")) {
            tarn("tenant", "create", tenant);
            tarn("user", "create", "u", "--tenant", tenant);
            tarn("user", "create", "v", "--tenant", tenant);
            tarn("volume", "create", tenant + "-volume", "--tenant", tenant, "--owner", "u");
        }
        tarn("key", "create", "--user", "left/u", "--access-key", "LEFTKEY", "--secret-key", "leftsecret12");
        final String[] left = {"--access-key-id", "LEFTKEY", "--secret", "leftsecret12"};
        assertThat(as(left, "volume", "list").out()).contains("left-volume").doesNotContain("right-volume");
        assertThat(as(left, "tenant", "list").out()).contains("left").doesNotContain("right", "root");
        assertThat(as(left, "volume", "show", "right-volume").code()).isEqualTo(CommandFailure.NOT_FOUND);
        assertThat(as(left, "volume", "delete", "right-volume").code()).isEqualTo(CommandFailure.NOT_FOUND);
        assertThat(as(left, "volume", "create", "stolen", "--tenant", "right").code())
                .isEqualTo(CommandFailure.NOT_FOUND);
        assertThat(as(left, "user", "list", "--tenant", "right").code()).isEqualTo(CommandFailure.NOT_FOUND);
        assertThat(as(left, "key", "create", "--user", "left/v").code()).isEqualTo(CommandFailure.DENIED);
        assertThat(as(left, "key", "create", "--user", "root/root").code()).isEqualTo(CommandFailure.NOT_FOUND);
        assertThat(as(left, "tenant", "create", "mine").code()).isEqualTo(CommandFailure.DENIED);
        assertThat(as(left, "tenant", "set", "left", "--quota", "none").code()).isEqualTo(CommandFailure.DENIED);
        assertThat(as(left, "fsck").code()).isEqualTo(CommandFailure.DENIED);
        assertThat(as(left, "volume", "create", "left-own").code()).isZero();
        assertThat(as(left, "key", "create", "--user", "left/u").code()).isZero();
    }

    @Test
    void exitCodesTellWhatWentWrong() {
        assertThat(tarn("volume", "show", "nowhere").code()).isEqualTo(CommandFailure.NOT_FOUND);
        assertThat(tarn("volume", "create", "BAD").code()).isEqualTo(CommandFailure.FAILED);
        assertThat(tarn("volume", "create", "good", "--quota", "much").code()).isEqualTo(CommandFailure.USAGE);
        assertThat(tarn("volume", "show", "a/b").code()).isEqualTo(CommandFailure.USAGE);
        assertThat(tarn("tenant", "list", "--endpoint", "http://127.0.0.1:1").code())
                .isEqualTo(CommandFailure.NO_SERVER);
        assertThat(tarn("tenant", "list", "--secret", "wrong").code()).isEqualTo(CommandFailure.DENIED);
        assertThat(run("tenant", "list", "--data", directory.resolve("none").toString())
                        .code())
                .isEqualTo(CommandFailure.USAGE);
        assertThat(run("nonsense").code()).isEqualTo(CommandFailure.USAGE);
    }

    @Test
    void helpVersionCompletionStatusAndCheckAnswer() {
        assertThat(run("--version").out()).startsWith("tarn ");
        assertThat(run("volume", "create", "--help").out()).contains("--quota");
        assertThat(run("completion").out()).contains("complete -F");
        assertThat(tarn("status").out()).contains("healthy");
        assertThat(tarn("fsck").out()).contains("clean");
    }

    @Test
    void aSecondServerOnTheSameDataIsRefused() {
        assertThatThrownBy(() -> TarnServer.start(config))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("in use by another server");
    }

    @Test
    void aTakenPortIsNamed() {
        final String port = String.valueOf(URI.create(server.adminUrl(config)).getPort());
        final ServerConfig other = ConfigReader.read(
                ServerConfig.class,
                List.of("data=" + directory.resolve("other"), "s3.port=0", "admin.port=" + port, "rpc.port=0"));
        assertThatThrownBy(() -> TarnServer.start(other))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(port);
    }

    @Test
    void clientsInOtherProcessesFindTheServer() throws IOException {
        assertThat(tarn("volume", "create", "from-afar").code()).isZero();
        final ClientFile keys = ClientFile.read(data).orElseThrow();
        try (RemoteClient client = RemoteClient.connect(
                server.rpcEndpoint(config).orElseThrow(),
                new KeyPair(keys.accessKey(), keys.secretKey()),
                RemoteOptions.DEFAULT)) {
            assertThat(client.administration().volume("from-afar")).isPresent();
        }
    }

    @Test
    void theyAreNotListenedToWhereThatIsTurnedOff() {
        final ServerConfig alone = ConfigReader.read(
                ServerConfig.class,
                List.of("data=" + directory.resolve("alone"), "s3.port=0", "admin.port=0", "rpc.port=-1"));
        try (TarnServer other = TarnServer.start(alone)) {
            assertThat(other.rpcEndpoint(alone)).isEmpty();
        }
    }

    @Test
    void theClientFileIsForItsOwnerAlone() throws IOException {
        for (final String file : List.of("client.yaml", "master.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void healthAndMetricsNeedNoKeyAndTheApiDoes() throws IOException, InterruptedException {
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/prometheus").body()).contains("jvm_memory_used_bytes");
        assertThat(get("/actuator/env").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/openapi.json").body()).contains("\"openapi\"");
        final HttpResponse<String> refused = get("/api/v1/tenants");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("content-type")).contains("application/problem+json");
    }

    private HttpResponse<String> get(final String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(server.adminUrl(config) + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private Outcome tarn(final String... arguments) {
        return as(new String[0], arguments);
    }

    private Outcome as(final String[] identity, final String... arguments) {
        final List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        all.addAll(List.of(identity));
        return run(all.toArray(String[]::new));
    }

    private static Outcome run(final String... arguments) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int code = Tarn.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Outcome(code, out.toString(), err.toString());
    }
}
