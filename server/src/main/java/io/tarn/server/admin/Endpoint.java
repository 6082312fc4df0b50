package io.tarn.server.admin;

import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;

/**
 * One operation of the API.
 *
 * @param method HTTP method
 * @param path below {@code /api/v1}, with variables in braces
 * @param success status of a success
 * @param action what it does, blocking; its result is the answer's JSON, or no content when it is {@link Nothing}
 */
record Endpoint(HttpMethod method, String path, HttpStatus success, Function<Call, Object> action) {
    /** The result of an operation without one. */
    enum Nothing {
        NOTHING
    }

    static Endpoint get(final String path, final Function<Call, Object> action) {
        return new Endpoint(HttpMethod.GET, path, HttpStatus.OK, action);
    }

    /** One that makes something. */
    static Endpoint post(final String path, final Function<Call, Object> action) {
        return new Endpoint(HttpMethod.POST, path, HttpStatus.CREATED, action);
    }

    /** One that works on what is there. */
    static Endpoint run(final String path, final Function<Call, Object> action) {
        return new Endpoint(HttpMethod.POST, path, HttpStatus.OK, action);
    }

    static Endpoint patch(final String path, final Function<Call, Object> action) {
        return new Endpoint(HttpMethod.PATCH, path, HttpStatus.OK, action);
    }

    static Endpoint delete(final String path, final Consumer<Call> action) {
        return new Endpoint(HttpMethod.DELETE, path, HttpStatus.NO_CONTENT, call -> {
            action.accept(call);
            return Nothing.NOTHING;
        });
    }
}
