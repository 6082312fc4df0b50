package io.tarn.server.cli;

import io.tarn.server.access.ClientFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Requests to a server of our own, so that the classes that answer them are in the AOT cache, with what is learnt of their methods. */
final class Rehearsal {
    private Rehearsal() {}

    static void play(final String s3Url, final String adminUrl, final ClientFile key) throws InterruptedException {
        final List<String> urls = List.of(
                adminUrl + "/actuator/health/readiness",
                adminUrl + "/actuator/prometheus",
                adminUrl + "/api/v1/openapi.json",
                adminUrl + "/api/v1/status",
                s3Url + "/",
                s3Url + "/bucket/key");
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (final String url : urls) {
                http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding());
            }
            new RehearsedLoad(http, s3Url, key).play();
        } catch (final IOException e) {
            throw new CommandFailure(CommandFailure.FAILED, "the rehearsal failed: " + e, e);
        }
    }
}
