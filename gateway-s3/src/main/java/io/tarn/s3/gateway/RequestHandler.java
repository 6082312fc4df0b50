package io.tarn.s3.gateway;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.tarn.client.Administration;
import io.tarn.client.Credential;
import io.tarn.core.StorageException;
import io.tarn.s3.auth.Authentication;
import io.tarn.s3.auth.PayloadMode;
import io.tarn.s3.auth.RequestAuthenticator;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Caller;
import io.tarn.s3.call.FailureMapping;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.RequestBody;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.Addressing;
import io.tarn.s3.request.Operation;
import io.tarn.s3.request.S3Request;
import io.tarn.s3.wire.RawRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Takes a request from its event loop to a virtual thread and its reply back.
 *
 * <p>Threads: one virtual thread a request, which may block; nothing here blocks an event loop. A body of up to
 * {@link #SMALL_BODY_BYTES} is gathered on the event loop first, so such a request changes threads once each way. Bound: a
 * request over the limit is answered SlowDown at once.
 */
final class RequestHandler {
    static final int SMALL_BODY_BYTES = 64 * 1024;

    /** When a client that met SlowDown or ServiceUnavailable may try again; clients that know better back off by themselves. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private final Administration administration;
    private final Addressing addressing;
    private final RequestAuthenticator authenticator;
    private final Handler operations;
    private final Responder responder;
    private final RequestIds ids;
    private final Pace pace;
    private final LongAdder slowClients;
    private final Semaphore places;
    private final LongAdder turnedAway = new LongAdder();
    /** One for each event loop. */
    private final Map<EventLoop, Scheduler> timers = new ConcurrentHashMap<>();

    private final ThreadFactory threads = Thread.ofVirtual().name("s3-", 0).factory();

    RequestHandler(
            final Administration administration,
            final Addressing addressing,
            final RequestAuthenticator authenticator,
            final Handler operations,
            final RequestIds ids,
            final S3Settings.Limits limits,
            final LongAdder slowClients) {
        this.administration = administration;
        this.addressing = addressing;
        this.authenticator = authenticator;
        this.operations = operations;
        this.ids = ids;
        this.pace = Pace.of(limits);
        this.slowClients = slowClients;
        this.responder = new Responder(ids.hostId());
        this.places = new Semaphore(limits.requests());
    }

    long brokenOff() {
        return responder.brokenOff();
    }

    int places() {
        return places.availablePermits();
    }

    long turnedAway() {
        return turnedAway.sum();
    }

    Publisher<Void> handle(final HttpServerRequest request, final HttpServerResponse response) {
        HttpHeaders headers = request.requestHeaders();
        RawRequest raw = RawRequest.of(request.method().name(), request.uri(), new NettyHeaders(headers));
        if (!places.tryAcquire()) {
            turnedAway.increment();
            return Mono.create(
                    done -> sendError(response, new S3Exception(S3ErrorCode.SLOW_DOWN), raw, ids.next(), done));
        }
        return body(request, headers)
                .flatMap(body -> Mono.<Void>create(done ->
                        threads.newThread(() -> run(raw, body, response, done)).start()))
                .onErrorResume(failure -> Mono.create(done -> bodyFailed(raw, response, done, failure)))
                .doFinally(signal -> places.release());
    }

    private Mono<RequestBody> body(final HttpServerRequest request, final HttpHeaders headers) {
        long length = headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                ? Long.MAX_VALUE
                : contentLength(headers.get(HttpHeaderNames.CONTENT_LENGTH));
        boolean asked = headers.contains(HttpHeaderNames.EXPECT);
        // Also a body of no bytes is asked for: the aws command line takes the answer it then gets for one to its next
        // request.
        if (length == 0 && !(asked && headers.contains(HttpHeaderNames.CONTENT_LENGTH))) {
            return Mono.just(new WholeBody(WholeBody.NO_BYTES));
        }
        if (length <= SMALL_BODY_BYTES && !asked) {
            return request.receive()
                    .aggregate()
                    .asByteArray()
                    .timeout(pace.window(), timersOf(request))
                    .map(bytes -> (RequestBody) new WholeBody(bytes))
                    .defaultIfEmpty(new WholeBody(WholeBody.NO_BYTES));
        }
        Channel[] channel = new Channel[1];
        request.withConnection(connection -> channel[0] = connection.channel());
        return Mono.just(new StreamedBody(request.receive(), () -> HeadGuard.isSevered(channel[0]), pace));
    }

    /** Timers of a connection run on its own event loop: any other scheduler would wake a thread for each request. */
    private Scheduler timersOf(final HttpServerRequest request) {
        var loop = new EventLoop[1];
        request.withConnection(connection -> loop[0] = connection.channel().eventLoop());
        return timers.computeIfAbsent(loop[0], Schedulers::fromExecutorService);
    }

    /** The decoder let only well-formed lengths through; anything else counts as long and is read as it comes. */
    private static long contentLength(final String value) {
        if (value == null || value.isEmpty()) {
            return 0;
        }
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9 || length > SMALL_BODY_BYTES) {
                return Long.MAX_VALUE;
            }
            length = length * 10 + digit;
        }
        return length;
    }

    private void run(
            final RawRequest raw,
            final RequestBody body,
            final HttpServerResponse response,
            final MonoSink<Void> done) {
        String requestId = ids.next();
        try {
            Reply reply = reply(raw, body, requestId);
            finishBody(body, response);
            responder.send(response, reply, requestId, raw.rawPath(), done);
        } catch (S3Exception failure) {
            finishBody(body, response);
            sendError(response, failure, raw, requestId, done);
        } catch (StorageException unread) {
            LOG.error("request {} {} {}: content cannot be read", requestId, raw.method(), raw.rawPath(), unread);
            sendError(response, FailureMapping.toS3(unread, Operation.GET_OBJECT, false), raw, requestId, done);
        } catch (RuntimeException | StackOverflowError defect) {
            LOG.error("request {} {} {} failed", requestId, raw.method(), raw.rawPath(), defect);
            finishBody(body, response);
            sendError(response, new S3Exception(S3ErrorCode.INTERNAL_ERROR), raw, requestId, done);
        }
    }

    private Reply reply(final RawRequest raw, final RequestBody body, final String requestId) {
        S3Request request = S3Request.parse(raw, addressing);
        // browsers ask before they sign
        Authentication authentication = request.operation() == Operation.CORS_PREFLIGHT
                ? new Authentication.Anonymous(new PayloadMode.Unsigned())
                : authenticator.authenticate(raw, addressing.hostBucket(raw));
        Caller caller =
                switch (authentication) {
                    case Authentication.Anonymous anonymous -> Caller.ANONYMOUS;
                    case Authentication.Signed signed ->
                        new Caller(administration.credential(signed.accessKey()).map(Credential::principal));
                };
        if (authentication instanceof Authentication.Signed && caller.isAnonymous()) {
            throw new S3Exception(S3ErrorCode.INVALID_ACCESS_KEY_ID);
        }
        try {
            return operations.handle(new Call(request, caller, authentication, body));
        } catch (StorageException failure) {
            S3Exception mapped = FailureMapping.toS3(failure, request);
            if (mapped.httpStatus() >= 500) {
                LOG.warn("request {} {} {} failed", requestId, raw.method(), raw.rawPath(), failure);
            }
            throw mapped;
        }
    }

    /**
     * A client that waits for {@code 100 Continue} and got a final answer may send its body or not: nobody can tell where its
     * next request would begin, so the connection ends with this one.
     */
    private static void finishBody(final RequestBody body, final HttpServerResponse response) {
        if (body instanceof StreamedBody streamed) {
            if (!streamed.complete()) {
                response.keepAlive(false);
            }
            streamed.discard();
        }
    }

    private void sendError(
            final HttpServerResponse response,
            final S3Exception error,
            final RawRequest raw,
            final String requestId,
            final MonoSink<Void> done) {
        if (response.hasSentHeaders()) {
            done.success();
            return;
        }
        boolean bodyless = raw.method().equals("HEAD") || error.httpStatus() == 304;
        Reply reply = bodyless ? Reply.of(error.httpStatus()) : Reply.error(error);
        if (error.httpStatus() == 503) {
            reply.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        if (error.code() == S3ErrorCode.REQUEST_TIMEOUT) {
            slowClients.increment();
            response.keepAlive(false);
        }
        responder.send(response, reply, requestId, raw.rawPath(), done);
    }

    /** Gathering a small body failed: the client was too slow, or it is gone and there is nobody to answer. */
    private void bodyFailed(
            final RawRequest raw,
            final HttpServerResponse response,
            final MonoSink<Void> done,
            final Throwable failure) {
        if (response.hasSentHeaders()) {
            done.error(failure);
            return;
        }
        boolean slow = failure instanceof java.util.concurrent.TimeoutException;
        sendError(
                response,
                new S3Exception(slow ? S3ErrorCode.REQUEST_TIMEOUT : S3ErrorCode.INCOMPLETE_BODY),
                raw,
                ids.next(),
                done);
    }
}
