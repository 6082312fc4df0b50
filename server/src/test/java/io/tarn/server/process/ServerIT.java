package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** How the process starts, says no, and stops. */
class ServerIT {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final int TERMINATED_BY_SIGNAL = 128 + 15;

    @TempDir
    private Path directory;

    @Test
    void stopsWithinFiveSecondsOfSigtermUnderLoadAndKeepsWhatItAcknowledged() {
        final Path data = directory.resolve("data");
        final int written;
        try (ServerProcess server = ServerProcess.start(data);
                S3Client s3 = S3Clients.sync(server.s3())) {
            s3.createBucket(request -> request.bucket("stop"));
            final AtomicBoolean terminated = new AtomicBoolean();
            final CompletableFuture<Void> firstWrite = new CompletableFuture<>();
            final CompletableFuture<Integer> writing =
                    CompletableFuture.supplyAsync(() -> writeUntilRefused(s3, firstWrite, terminated));
            CompletableFuture.anyOf(firstWrite, writing).join();
            final long asked = System.nanoTime();
            terminated.set(true);
            server.terminate();
            final int code = server.awaitEnd();
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(STOP_LIMIT);
            assertThat(code).as(server.output()).isIn(0, TERMINATED_BY_SIGNAL);
            assertThat(server.output()).doesNotContain("Exception");
            written = writing.join();
        }
        try (ServerProcess server = ServerProcess.start(data);
                S3Client s3 = S3Clients.sync(server.s3())) {
            for (int i = 0; i < written; i++) {
                final String key = "k" + i;
                assertThat(s3.getObjectAsBytes(request -> request.bucket("stop").key(key))
                                .asUtf8String())
                        .isEqualTo(key);
            }
        }
    }

    /** How many objects were acknowledged. */
    private static int writeUntilRefused(
            final S3Client s3, final CompletableFuture<Void> firstWrite, final AtomicBoolean terminated) {
        for (int i = 0; ; i++) {
            final String key = "k" + i;
            try {
                s3.putObject(request -> request.bucket("stop").key(key), RequestBody.fromString(key));
            } catch (final SdkException e) {
                if (!terminated.get()) {
                    throw e;
                }
                return i;
            }
            firstWrite.complete(null);
        }
    }

    @Test
    void aBodyThatIsStillComingWhenTheServerIsStoppedIsTaken() throws IOException {
        final Path data = directory.resolve("data");
        final byte[] body = new byte[128 * 1024];
        try (ServerProcess server = ServerProcess.start(data);
                S3Client s3 = S3Clients.sync(server.s3());
                Socket slow = new Socket(server.s3().getHost(), server.s3().getPort())) {
            s3.createBucket(request -> request.bucket("drain").acl("public-read-write"));
            slow.setSoTimeout(20_000);
            slow.getOutputStream()
                    .write(("PUT /drain/k HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " + body.length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            final var answer =
                    new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(answer.readLine()).isEmpty();
            server.terminate();
            awaitRefusal(server.s3());
            slow.getOutputStream().write(body);
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(server.awaitEnd()).isIn(0, TERMINATED_BY_SIGNAL);
        }
        try (ServerProcess server = ServerProcess.start(data);
                S3Client s3 = S3Clients.sync(server.s3())) {
            assertThat(s3.headObject(request -> request.bucket("drain").key("k"))
                            .contentLength())
                    .isEqualTo(body.length);
        }
    }

    private static void awaitRefusal(final URI endpoint) {
        final long end = System.nanoTime() + STOP_LIMIT.toNanos();
        while (true) {
            try (Socket next = new Socket(endpoint.getHost(), endpoint.getPort())) {
                assertThat(System.nanoTime()).as("new connections are refused").isLessThan(end);
                assertThat(next.isConnected()).isTrue();
            } catch (final IOException refused) {
                return;
            }
        }
    }

    @Test
    void stopsAtOnceWhenIdle() {
        try (ServerProcess server = ServerProcess.start(directory.resolve("data"))) {
            final long asked = System.nanoTime();
            server.terminate();
            assertThat(server.awaitEnd()).isIn(0, TERMINATED_BY_SIGNAL);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(STOP_LIMIT);
        }
    }

    @Test
    void aSecondServerOnTheSameDataIsRefusedAndHarmsNothing() {
        final Path data = directory.resolve("data");
        try (ServerProcess first = ServerProcess.start(data)) {
            try (ServerProcess second =
                    ServerProcess.launch(data, "--set", "s3.port=0", "--set", "admin.port=0", "--set", "rpc.port=0")) {
                assertThat(second.awaitEnd()).isEqualTo(1);
                assertThat(second.output())
                        .contains("tarn: the data directory " + data + " is in use by another server")
                        .doesNotContain("\tat ");
            }
            assertThat(first.isAlive()).isTrue();
            first.tarn("status").expect(0);
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final String port = Integer.toString(taken.getLocalPort());
            try (ServerProcess server = ServerProcess.launch(
                    directory.resolve("s3"),
                    "--set",
                    "s3.port=" + port,
                    "--set",
                    "admin.port=0",
                    "--set",
                    "rpc.port=0")) {
                assertThat(server.awaitEnd()).isEqualTo(1);
                assertThat(server.output())
                        .containsPattern("tarn: .*127\\.0\\.0\\.1:" + port + ".* taken")
                        .contains("--set s3.port=PORT")
                        .doesNotContain("\tat ");
            }
            try (ServerProcess server = ServerProcess.launch(
                    directory.resolve("rpc"),
                    "--set",
                    "s3.port=0",
                    "--set",
                    "admin.port=0",
                    "--set",
                    "rpc.port=" + port)) {
                assertThat(server.awaitEnd()).isEqualTo(1);
                assertThat(server.output())
                        .containsPattern("tarn: .*127\\.0\\.0\\.1:" + port + ".* taken")
                        .contains("--set rpc.port=PORT")
                        .doesNotContain("\tat ");
            }
            try (ServerProcess server = ServerProcess.launch(
                    directory.resolve("admin"),
                    "--set",
                    "s3.port=0",
                    "--set",
                    "admin.port=" + port,
                    "--set",
                    "rpc.port=0")) {
                assertThat(server.awaitEnd()).isEqualTo(1);
                assertThat(server.output())
                        .containsPattern("tarn: .*127\\.0\\.0\\.1:" + port + ".* taken")
                        .contains("--set admin.port=PORT")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void isReadyWhenItSaysSoAndKeepsItsSecretsToItsOwner() throws IOException, InterruptedException {
        final Path data = directory.resolve("data");
        try (ServerProcess server = ServerProcess.start(data)) {
            assertThat(get(server.admin(), "/actuator/health/readiness"))
                    .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(200))
                    .satisfies(answer -> assertThat(answer.body()).contains("\"UP\""));
            assertThat(get(server.admin(), "/actuator/health/liveness").statusCode())
                    .isEqualTo(200);
            assertThat(get(server.admin(), "/actuator/prometheus").body())
                    .contains(
                            "jvm_memory_used_bytes",
                            "tarn_s3_answers_broken_off_total",
                            "tarn_s3_requests_turned_away_total",
                            "tarn_s3_connections_turned_away_total",
                            "tarn_s3_slow_clients_total");
            assertThat(get(server.admin(), "/api/v1/status").statusCode()).isEqualTo(401);
            for (final String secret : new String[] {"client.yaml", "master.key"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(secret))))
                        .as(secret)
                        .isEqualTo("rw-------");
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
        }
    }

    private static HttpResponse<String> get(final URI base, final String path)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
