package io.tarn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The whole command against a small S3-like server of the JDK. */
class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private TinyS3 server;

    @BeforeEach
    void start() throws IOException {
        server = new TinyS3();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int run(final String... options) {
        final List<String> arguments = new ArrayList<>(List.of(
                "--endpoint",
                "tiny=http://127.0.0.1:" + server.port(),
                "--access-key",
                "key",
                "--secret-key",
                "secret",
                "--sizes",
                "4KiB,100000",
                "--concurrency",
                "2",
                "--rounds",
                "1",
                "--seconds",
                "1",
                "--warmup-seconds",
                "0",
                "--max-run-bytes",
                "1MiB",
                "--list-keys",
                "1100"));
        arguments.addAll(List.of(options));
        final CommandLine command = BenchApplication.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(arguments.toArray(String[]::new));
    }

    @Test
    void measuresEveryOperationAndLeavesNothingBehind() {
        assertThat(run()).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("PUT 4 KiB", "GET 4 KiB", "HEAD 4 KiB", "MIXED 4 KiB", "DELETE 4 KiB", "LIST 1,000 of 1,100");
        assertThat(server.keys()).isEmpty();
    }

    @Test
    void aBodyWithOneWrongByteFailsTheRun() {
        server.corruptBodies();
        assertThat(run("--operations", "GET", "--keep")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("differs from what was written at byte");
    }

    @Test
    void anErrorStatusFailsTheRunWithTheServersWords() {
        server.failHeads();
        assertThat(run("--operations", "HEAD", "--keep")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("HEAD", "answered 503 in place of 200");
    }

    @Test
    void wrongUsageIsToldApart() {
        assertThat(run("--sizes", "4XB")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--endpoint", "http://192.0.2.1:9000")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("not a loopback address");
    }
}
