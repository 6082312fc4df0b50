package io.tarn.server.cli;

import io.tarn.server.sign.AdminSignature;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the admin API, signing each request. */
final class AdminClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** A check of a large node takes its time. */
    private static final Duration REPLY_TIMEOUT = Duration.ofHours(1);

    private static final String BASE = "/api/v1";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI endpoint;
    private final String accessKey;
    private final String secretKey;

    AdminClient(final String endpoint, final String accessKey, final String secretKey) {
        try {
            this.endpoint =
                    URI.create(endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint);
        } catch (final IllegalArgumentException e) {
            throw new CommandFailure(CommandFailure.USAGE, endpoint + " is not a URL", e);
        }
        if (this.endpoint.getHost() == null || this.endpoint.getScheme() == null) {
            throw new CommandFailure(CommandFailure.USAGE, endpoint + " is not a URL such as http://127.0.0.1:9001");
        }
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    JsonNode get(final String path) {
        return call("GET", path, new byte[0]);
    }

    JsonNode post(final String path, final Object body) {
        return call("POST", path, JSON.writeValueAsBytes(body));
    }

    JsonNode patch(final String path, final Object body) {
        return call("PATCH", path, JSON.writeValueAsBytes(body));
    }

    void delete(final String path) {
        call("DELETE", path, new byte[0]);
    }

    /** The answer's document; a missing node for none. */
    private JsonNode call(final String method, final String pathAndQuery, final byte[] body) {
        final URI uri = URI.create(endpoint + BASE + pathAndQuery);
        final String host = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
        final String date = AdminSignature.timestamp(Instant.now());
        final var signed = new AdminSignature.Request(
                method,
                uri.getRawPath(),
                uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                name -> Map.of("host", host, "x-amz-date", date).getOrDefault(name, ""),
                body);
        final HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .timeout(REPLY_TIMEOUT)
                .header("x-amz-date", date)
                .header("content-type", "application/json")
                .header("authorization", AdminSignature.authorize(signed, accessKey, secretKey))
                .build();
        try (HttpClient http = http()) {
            return answer(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (final ConnectException | HttpTimeoutException e) {
            throw new CommandFailure(
                    CommandFailure.NO_SERVER,
                    "no server answers at " + endpoint + ": is it running ('tarn server')?",
                    e);
        } catch (final IOException e) {
            throw new CommandFailure(CommandFailure.NO_SERVER, "the server at " + endpoint + " broke off: " + e, e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(CommandFailure.FAILED, "interrupted", e);
        }
    }

    private HttpClient http() {
        final HttpClient.Builder http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        if (endpoint.getScheme().equals("http")) {
            // saves reading the system's certificates, a third of a command's time
            http.sslContext(trustingNobody());
        }
        return http.build();
    }

    private static SSLContext trustingNobody() {
        try {
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private JsonNode answer(final HttpResponse<byte[]> response) {
        final JsonNode document = document(response);
        if (response.statusCode() / 100 == 2) {
            return document;
        }
        final String detail = document.path("detail").asString("HTTP status " + response.statusCode());
        throw new CommandFailure(
                switch (response.statusCode()) {
                    case 404 -> CommandFailure.NOT_FOUND;
                    case 401, 403 -> CommandFailure.DENIED;
                    case 503 -> CommandFailure.NO_SERVER;
                    default -> CommandFailure.FAILED;
                },
                detail);
    }

    private JsonNode document(final HttpResponse<byte[]> response) {
        if (response.body().length == 0) {
            return JSON.missingNode();
        }
        try {
            return JSON.readTree(response.body());
        } catch (final JacksonException e) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    endpoint + " does not answer like a Tarn server: is it the admin endpoint?",
                    e);
        }
    }
}
