package io.tarn.server.cli;

import io.tarn.server.access.ClientFile;
import io.tarn.server.sign.AdminSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Objects written, read, listed and deleted by a few clients at once for a few seconds: what the JVM learns of the methods on the way goes into
 * the AOT cache (JEP 515), and the next server compiles the right ones at once, knowing how they are used.
 */
final class RehearsedLoad {
    private static final Duration LENGTH = Duration.ofSeconds(8);
    private static final int CLIENTS = 8;
    private static final int SMALL_BYTES = 4 << 10;
    private static final int LARGE_BYTES = 1 << 20;
    /** Of this many objects, one is large. */
    private static final int LARGE_EVERY = 40;

    private static final int LIST_EVERY = 50;
    private static final String BUCKET = "/rehearsal";
    private static final String SIGNED_HEADERS = "host;x-amz-content-sha256;x-amz-date";

    private final HttpClient http;
    private final String url;
    private final ClientFile key;
    private final byte[] small = new byte[SMALL_BYTES];
    private final byte[] large = new byte[LARGE_BYTES];

    RehearsedLoad(final HttpClient http, final String s3Url, final ClientFile key) {
        this.http = http;
        this.url = s3Url;
        this.key = key;
        ThreadLocalRandom.current().nextBytes(small);
        ThreadLocalRandom.current().nextBytes(large);
    }

    void play() throws InterruptedException, IOException {
        send("PUT", BUCKET, "", new byte[0]);
        final Instant end = Instant.now().plus(LENGTH);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (final Future<?> client : IntStream.range(0, CLIENTS)
                    .mapToObj(number -> clients.submit(() -> {
                        client(number, end);
                        return number;
                    }))
                    .toList()) {
                client.get();
            }
        } catch (final ExecutionException e) {
            throw new CommandFailure(CommandFailure.FAILED, "the rehearsal failed: " + e.getCause(), e.getCause());
        }
    }

    private void client(final int number, final Instant end) throws IOException, InterruptedException {
        for (int object = 1; Instant.now().isBefore(end); object++) {
            final String path = BUCKET + "/" + number + "/" + object;
            send("PUT", path, "", object % LARGE_EVERY == 0 ? large : small);
            send("GET", path, "", new byte[0]);
            send("HEAD", path, "", new byte[0]);
            if (object % LIST_EVERY == 0) {
                send("GET", BUCKET, "list-type=2&prefix=" + number + "%2F", new byte[0]);
            }
            if (object % 2 == 0) {
                send("DELETE", path, "", new byte[0]);
            }
        }
    }

    private void send(final String method, final String path, final String query, final byte[] body)
            throws IOException, InterruptedException {
        final URI uri = URI.create(url + path + (query.isEmpty() ? "" : "?" + query));
        final String date = AdminSignature.timestamp(Instant.now());
        final String hash = sha256(body);
        final Map<String, String> headers =
                Map.of("host", uri.getHost() + ":" + uri.getPort(), "x-amz-date", date, "x-amz-content-sha256", hash);
        final var signed =
                new AdminSignature.Request(method, path, query, name -> headers.getOrDefault(name, ""), body);
        final HttpResponse<Void> answer = http.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("x-amz-date", date)
                        .header("x-amz-content-sha256", hash)
                        .header(
                                "authorization",
                                AdminSignature.authorize(
                                        signed, "s3", SIGNED_HEADERS, key.accessKey(), key.secretKey()))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() >= 300) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "the rehearsal failed: %s %s answered %d".formatted(method, path, answer.statusCode()));
        }
    }

    private static String sha256(final byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
