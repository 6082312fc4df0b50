package io.tarn.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {
    private static final long KIB = 1024;
    private static final long MIB = KIB * KIB;

    @TempDir
    Path directory;

    @Test
    void theDefaultsAreThese() {
        assertThat(ServerConfig.defaults())
                .isEqualTo(new ServerConfig(
                        Path.of("tarn-data"),
                        new ServerConfig.S3(
                                "127.0.0.1",
                                9000,
                                "us-east-1",
                                List.of(),
                                10_000,
                                1_000,
                                new ByteSize(16 * KIB),
                                new ByteSize(32 * KIB),
                                Duration.ofSeconds(75),
                                Duration.ofSeconds(30),
                                new ByteSize(KIB)),
                        new ServerConfig.Admin("127.0.0.1", 9001),
                        new ServerConfig.Rpc("127.0.0.1", 9002),
                        new ServerConfig.Raft(
                                Optional.empty(),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(10),
                                new ByteSize(32 * MIB),
                                1),
                        new ServerConfig.Cache(new ByteSize(192 * MIB), new ByteSize(64 * MIB), new ByteSize(96 * MIB)),
                        new ServerConfig.Storage(new ByteSize(4 * KIB), new ByteSize(1024 * MIB)),
                        new ServerConfig.Feed(Duration.ofHours(24), 1_000_000),
                        new ServerConfig.Uploads(Duration.ofHours(24)),
                        new ServerConfig.Compaction(
                                50, new ByteSize(32 * MIB), new ByteSize(32 * MIB), Duration.ofMinutes(1)),
                        new ServerConfig.Scrub(new ByteSize(16 * MIB), Duration.ofDays(14))));
    }

    @Test
    void theCommandLineWinsOverTheFile() throws IOException {
        final Path file = Files.writeString(directory.resolve("tarn.yaml"), """
                s3:
                  port: 1234
                  base-domains: [s3.example.com, s3.local]
                  idle-timeout: 5m
                raft: {dir: /log}
                """);
        final ServerConfig config = ConfigReader.read(ServerConfig.class, file, List.of("s3.port=5", "s3.port=6"));
        assertThat(config.s3().port()).isEqualTo(6);
        assertThat(config.s3().baseDomains()).containsExactly("s3.example.com", "s3.local");
        assertThat(config.s3().idleTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.raft().dir()).contains(Path.of("/log"));
    }

    @Test
    void unknownKeysAreRefusedWithTheOneThatWasMeant() {
        refused(List.of("s3.prot=1"), "there is no setting 's3.prot'; did you mean 's3.port'?");
        refused(List.of("region=x"), "did you mean 's3.region'?");
        refused(List.of("entirely.different.thing=x"), "see docs/configuration.md");
        refused(List.of("s3=1"), "there is no setting 's3'");
    }

    @Test
    void valuesThatDoNotFitAreRefusedWithTheirKey() {
        refused(List.of("s3.port=abc"), "s3.port: 'abc' is not a number");
        refused(List.of("cache.blocks=1XB"), "cache.blocks: '1XB' is not a size");
        refused(List.of("raft.lease=1 fortnight"), "raft.lease: '1 fortnight' is not a time");
        refused(List.of("s3.bind="), "s3.bind: has to have a value");
        refused(List.of("no-equals"), "not of the form key=value");
    }

    @Test
    void filesThatAreNotSettingsAreRefused() throws IOException {
        final Path text = Files.writeString(directory.resolve("text.yaml"), "just text");
        final Path broken = Files.writeString(directory.resolve("broken.yaml"), "a: [");
        final Path object = Files.writeString(directory.resolve("object.yaml"), "data: !!java.io.File [x]");
        for (final Path file : List.of(text, broken, object, directory.resolve("missing.yaml"))) {
            assertThatThrownBy(() -> ConfigReader.read(ServerConfig.class, file, List.of()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(file.getFileName().toString());
        }
    }

    @Test
    void anEmptyFileIsACompleteOne() throws IOException {
        final Path file = Files.writeString(directory.resolve("empty.yaml"), "");
        assertThat(ConfigReader.read(ServerConfig.class, file, List.of())).isEqualTo(ServerConfig.defaults());
    }

    @Test
    void sizesAreReadAndWrittenAsPeopleWriteThem() {
        assertThat(ByteSize.parse("10GiB").bytes()).isEqualTo(10L << 30);
        assertThat(ByteSize.parse("1.5 KiB").bytes()).isEqualTo(1536);
        assertThat(ByteSize.parse("10GB").bytes()).isEqualTo(10_000_000_000L);
        assertThat(ByteSize.parse("0")).hasToString("0B");
        assertThat(new ByteSize(10L << 30)).hasToString("10GiB");
        assertThat(new ByteSize(1500)).hasToString("1500B");
        for (final String wrong : List.of("", "-1", "1i", "0.3", "9EiB", "1e3", "GiB")) {
            assertThatThrownBy(() -> ByteSize.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void refused(final List<String> pairs, final String message) {
        assertThatThrownBy(() -> ConfigReader.read(ServerConfig.class, pairs))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
