package io.tarn.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of S3 as the benchmark speaks, in memory, with faults on demand. Lists are sent in chunks, the rest with a length. */
final class TinyS3 implements AutoCloseable {
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile boolean corrupt;
    private volatile boolean failHead;

    TinyS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    Set<String> keys() {
        return objects.keySet();
    }

    void corruptBodies() {
        corrupt = true;
    }

    void failHeads() {
        failHead = true;
    }

    private void handle(final HttpExchange exchange) throws IOException {
        try (exchange) {
            final URI uri = exchange.getRequestURI();
            final boolean ofBucket = uri.getPath().indexOf('/', 1) < 0;
            final byte[] body = exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestMethod()) {
                case "PUT" -> {
                    if (!ofBucket) {
                        objects.put(uri.getPath(), body);
                    }
                    answer(exchange, 200, new byte[0]);
                }
                case "DELETE" -> {
                    objects.remove(uri.getPath());
                    exchange.sendResponseHeaders(204, -1);
                }
                case "HEAD" -> {
                    exchange.getResponseHeaders().set("Content-Length", "" + objects.get(uri.getPath()).length);
                    exchange.sendResponseHeaders(failHead ? 503 : 200, -1);
                }
                default -> {
                    if (ofBucket) {
                        list(exchange, uri.getPath(), uri.getQuery());
                    } else {
                        get(exchange, objects.get(uri.getPath()));
                    }
                }
            }
        }
    }

    private void get(final HttpExchange exchange, final byte[] stored) throws IOException {
        final byte[] body = stored.clone();
        if (corrupt) {
            body[body.length - 1] ^= 1;
        }
        answer(exchange, 200, body);
    }

    private void list(final HttpExchange exchange, final String bucket, final String query) throws IOException {
        final String after = parameter(query, "start-after=");
        final StringBuilder xml = new StringBuilder("<ListBucketResult>");
        objects.tailMap(bucket + '/' + (after.isEmpty() ? parameter(query, "prefix=") : after), false).keySet().stream()
                .limit(1000)
                .forEach(path -> xml.append("<Contents><Key>")
                        .append(path.substring(bucket.length() + 1))
                        .append("</Key></Contents>"));
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody()
                .write(xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String parameter(final String query, final String name) {
        return Arrays.stream(query.split("&"))
                .filter(part -> part.startsWith(name))
                .map(part -> part.substring(name.length()))
                .findFirst()
                .orElse("");
    }

    private static void answer(final HttpExchange exchange, final int status, final byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Length", "" + body.length);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
