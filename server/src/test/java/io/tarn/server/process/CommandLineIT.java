package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The {@code tarn} command against a server, each call a process as in a shell. */
class CommandLineIT {
    private static final int USAGE = 2;
    private static final int NOT_FOUND = 3;
    private static final int NO_SERVER = 4;
    private static final int DENIED = 5;

    @TempDir
    private static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() {
        server = ServerProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String table(final String... arguments) {
        return server.tarn(arguments).expect(0).out();
    }

    private static JsonNode json(final String... arguments) {
        final String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        return JsonMapper.shared().readTree(server.tarn(all).expect(0).out());
    }

    @Test
    void aTenantLivesItsLife() {
        assertThat(table("tenant", "create", "life", "--quota", "10GiB")).contains("life", "10GiB");
        server.tarn("tenant", "create", "life").expect(1);
        assertThat(table("tenant", "list")).contains("NAME").contains("life");
        assertThat(json("tenant", "show", "life").path("quota").path("bytes").asLong())
                .isEqualTo(10L << 30);
        assertThat(json("tenant", "set", "life", "--quota", "none", "--inodes", "1000")
                        .path("quota")
                        .toString())
                .contains("1000")
                .doesNotContain("10737418240");
        server.tarn("tenant", "delete", "life").expect(0);
        assertThat(server.tarn("tenant", "show", "life").expect(NOT_FOUND).err())
                .startsWith("tarn: ")
                .contains("life");
    }

    @Test
    void usersKeysAndVolumesBelongTogether() {
        table("tenant", "create", "works");
        final JsonNode user = json("user", "create", "ann", "--tenant", "works", "--uid", "5001", "--gid", "5002");
        assertThat(user.path("uid").asInt()).isEqualTo(5001);
        assertThat(table("user", "list", "--tenant", "works")).contains("ann", "5001", "5002");
        assertThat(json("user", "set", "works/ann", "--groups", "7,8")
                        .path("groups")
                        .toString())
                .isEqualTo("[7,8]");
        assertThat(json("user", "show", "works/ann").path("gid").asInt()).isEqualTo(5002);

        final JsonNode key = json("key", "create", "--user", "works/ann");
        final String id = key.path("accessKey").asString();
        final String secret = key.path("secretKey").asString();
        assertThat(table("key", "list", "--user", "works/ann")).contains(id).doesNotContain(secret);
        assertThat(json("key", "show", id).path("enabled").asBoolean()).isTrue();

        assertThat(table("volume", "create", "ann-volume", "--tenant", "works", "--quota", "1MiB"))
                .contains("works/ann", "1MiB");
        assertThat(table("volume", "list", "--tenant", "works")).contains("ann-volume");
        assertThat(json("volume", "set", "ann-volume", "--versioning", "enabled")
                        .path("versioning")
                        .asString())
                .isEqualTo("ENABLED");
        assertThat(json("volume", "show", "ann-volume")
                        .path("usage")
                        .path("bytes")
                        .asLong())
                .isZero();

        final Program asAnn = new Program(
                Distribution.launcher(),
                Map.of(
                        "TARN_ENDPOINT", server.admin().toString(),
                        "TARN_ACCESS_KEY", id,
                        "TARN_SECRET_KEY", secret));
        assertThat(asAnn.succeed("volume", "list")).contains("ann-volume");
        asAnn.run("tenant", "create", "mine").expect(DENIED);
        asAnn.run("fsck").expect(DENIED);
        assertThat(json("key", "set", id, "--disable").path("enabled").asBoolean())
                .isFalse();
        asAnn.run("volume", "list").expect(DENIED);

        server.tarn("user", "delete", "works/ann").expect(1);
        server.tarn("tenant", "delete", "works").expect(1);
        server.tarn("volume", "delete", "ann-volume").expect(0);
        server.tarn("key", "delete", id).expect(0);
        server.tarn("user", "delete", "works/ann").expect(0);
        server.tarn("tenant", "delete", "works").expect(0);
    }

    @Test
    void theNodeSaysHowItIs() {
        assertThat(table("status")).contains("healthy").contains("true");
        assertThat(json("status").path("shards").isEmpty()).isFalse();
        assertThat(table("fsck")).contains("clean");
        assertThat(json("fsck").path("clean").asBoolean()).isTrue();
    }

    @Test
    void mistakesAreToldByTheirExitCodes() {
        assertThat(server.tarn("volume", "create").expect(USAGE).err()).contains("VOLUME");
        server.tarn("no-such-command").expect(USAGE);
        server.tarn("user", "create", "u").expect(USAGE);
        server.tarn("key", "show", "no-such-key").expect(NOT_FOUND);
        assertThat(server.tarn("tenant", "list", "--endpoint", "http://127.0.0.1:1")
                        .expect(NO_SERVER)
                        .err())
                .contains("no server answers at http://127.0.0.1:1");
        final Program tarn = new Program(Distribution.launcher(), Map.of());
        assertThat(tarn.run("tenant", "list", "--data", directory.resolve("nothing"))
                        .expect(USAGE)
                        .err())
                .contains("no access key");
        assertThat(tarn.succeed("--help")).contains("tenant", "volume", "fsck", "Exit codes");
        assertThat(tarn.succeed("volume", "create", "--help")).contains("--quota");
        assertThat(tarn.succeed("completion")).contains("_complete_tarn");
    }
}
