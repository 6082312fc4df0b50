package io.tarn.server.admin;

import io.tarn.client.Principal;
import io.tarn.core.StorageException;
import io.tarn.server.node.EmbeddedNode;
import io.tarn.server.sign.AdminSignature;
import io.tarn.server.sign.SignatureVerifier;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Routes, authenticates and answers the requests of the API. The body is read first (it is signed; a few KiB at most), then all else happens on
 * one virtual thread.
 */
final class AdminApi {
    static final String BASE = "/api/v1";

    private final StartedNode started;
    private final Scheduler blocking;
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    AdminApi(final StartedNode started, final Scheduler blocking) {
        this.started = started;
        this.blocking = blocking;
    }

    static List<Endpoint> endpoints() {
        return Stream.of(AccountEndpoints.all(), VolumeEndpoints.all(), NodeEndpoints.all())
                .flatMap(List::stream)
                .toList();
    }

    RouterFunction<ServerResponse> routes() {
        final var routes = RouterFunctions.route();
        routes.GET(BASE + "/openapi.json", request -> ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(new ClassPathResource("openapi.json")));
        for (final Endpoint endpoint : endpoints()) {
            routes.route(
                    RequestPredicates.method(endpoint.method()).and(RequestPredicates.path(BASE + endpoint.path())),
                    request -> handle(request, endpoint));
        }
        return routes.build();
    }

    private Mono<ServerResponse> handle(final ServerRequest request, final Endpoint endpoint) {
        return request.bodyToMono(byte[].class)
                .defaultIfEmpty(new byte[0])
                .publishOn(blocking)
                .map(body -> answer(request, endpoint, body))
                .onErrorResume(
                        DataBufferLimitException.class,
                        e -> Mono.just(new Answer(
                                HttpStatus.CONTENT_TOO_LARGE,
                                Problem.of(HttpStatus.CONTENT_TOO_LARGE, "the body is too long", "TOO_LARGE"))))
                .flatMap(AdminApi::response);
    }

    private record Answer(HttpStatus status, Object document) {}

    private Answer answer(final ServerRequest request, final Endpoint endpoint, final byte[] body) {
        try {
            final EmbeddedNode node = started.node();
            final var verifier =
                    new SignatureVerifier(node.client().administration()::credential, InstantSource.system());
            final Optional<Principal> principal = verifier.verify(signed(request, body));
            if (principal.isEmpty()) {
                return problem(Problem.of(
                        HttpStatus.UNAUTHORIZED,
                        "the request is not signed (AWS Signature Version 4, service 'tarn') with a valid access key,"
                                + " or its clock is off",
                        "UNAUTHENTICATED"));
            }
            final var call = new Call(
                    new Caller(principal.get()),
                    request.pathVariables(),
                    request.queryParams().toSingleValueMap(),
                    body,
                    json,
                    node);
            return new Answer(endpoint.success(), endpoint.action().apply(call));
        } catch (final StorageException e) {
            return problem(Problem.of(e));
        }
    }

    private static AdminSignature.Request signed(final ServerRequest request, final byte[] body) {
        final String query = Optional.ofNullable(request.uri().getRawQuery()).orElse("");
        return new AdminSignature.Request(
                request.method().name(),
                request.uri().getRawPath(),
                query,
                name -> Optional.ofNullable(request.headers().firstHeader(name)).orElse(""),
                body);
    }

    private static Answer problem(final Problem problem) {
        return new Answer(HttpStatus.valueOf(problem.status()), problem);
    }

    private static Mono<ServerResponse> response(final Answer answer) {
        final var response = ServerResponse.status(answer.status());
        return switch (answer.document()) {
            case Endpoint.Nothing nothing -> response.build();
            case Problem problem ->
                response.contentType(MediaType.APPLICATION_PROBLEM_JSON).bodyValue(problem);
            default -> response.contentType(MediaType.APPLICATION_JSON).bodyValue(answer.document());
        };
    }
}
