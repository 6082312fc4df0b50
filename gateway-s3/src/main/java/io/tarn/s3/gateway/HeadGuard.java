package io.tarn.s3.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.xml.ErrorDocument;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import reactor.netty.NettyPipeline;

/**
 * Watches over the heads of a connection's requests: one that is no HTTP, too long, or does not get finished in time is answered
 * as S3 answers errors, after the answers that are still owed, and the connection ends.
 *
 * <p>A head whose lengths contradict each other ({@code Content-Length} beside {@code Transfer-Encoding}, RFC 9112 section 6.1)
 * is refused as well, and so is one with any other transfer coding than chunks, with two hosts or, as RFC 9112 section 3.2 has it, with
 * none: a proxy before this server may have read it otherwise.
 *
 * <p>A client that is answered before it has sent its whole body goes on sending for a while. Closing on it would reset the connection and
 * take the answer from it, so such a connection is half closed first and what still comes is thrown away.
 *
 * <p>Cost: two field writes a request; a timer is set only for a head that did not come in one piece. On the connection's event
 * loop only.
 */
final class HeadGuard extends ChannelDuplexHandler {
    /** How long the client may go on sending what is thrown away, so that it comes to read the answer; as long as part of 64 MiB at 50 Mbit/s. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private static final AttributeKey<HeadGuard> KEY = AttributeKey.valueOf(HeadGuard.class, "guard");

    private final RequestIds ids;
    private final Duration timeout;
    private final LongAdder slowClients;
    private int owed;
    private boolean inRequest;
    private boolean begun;
    private boolean refused;
    private boolean answering;
    private boolean severed;
    private boolean parting;
    private Optional<S3Exception> deferred = Optional.empty();
    private Optional<Future<?>> timer = Optional.empty();

    private HeadGuard(final RequestIds ids, final Duration timeout, final LongAdder slowClients) {
        this.slowClients = slowClients;
        this.ids = ids;
        this.timeout = timeout;
    }

    static void install(
            final Channel channel, final RequestIds ids, final Duration timeout, final LongAdder slowClients) {
        final var guard = new HeadGuard(ids, timeout, slowClients);
        channel.attr(KEY).set(guard);
        channel.pipeline()
                .addFirst("tarn.arrival", guard.new Arrival())
                .addAfter(NettyPipeline.HttpCodec, "tarn.head", guard);
    }

    /**
     * Whether the connection ended, or lost its framing, within a request: then what looks like the end of a body is none. To be
     * asked on the event loop.
     */
    static boolean isSevered(final Channel channel) {
        return channel.attr(KEY).get().severed;
    }

    /** Sees the bytes before they are decoded: a head that is not finished is seen nowhere else. */
    private final class Arrival extends ChannelInboundHandlerAdapter {
        /**
         * A client that resets its connection is gone, which everybody learns from {@link #channelInactive}. Told of the failure as
         * well, the library logs it as a second end of the body.
         */
        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable failure) {
            if (failure instanceof IOException) {
                var unused = context.close();
            } else {
                context.fireExceptionCaught(failure);
            }
        }

        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            if (refused) {
                ReferenceCountUtil.release(message);
                return;
            }
            begun |= !inRequest;
            context.fireChannelRead(message);
        }

        @Override
        public void channelReadComplete(final ChannelHandlerContext context) {
            if (begun && !inRequest && timer.isEmpty() && !refused) {
                final ChannelHandlerContext here = context.pipeline().context(HeadGuard.this);
                timer = Optional.of(
                        context.executor().schedule(() -> headTooSlow(here), timeout.toNanos(), TimeUnit.NANOSECONDS));
            }
            context.fireChannelReadComplete();
        }
    }

    private void headTooSlow(final ChannelHandlerContext context) {
        slowClients.increment();
        refuse(context, new S3Exception(S3ErrorCode.REQUEST_TIMEOUT));
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) {
        if (message instanceof HttpRequest request) {
            begun = false;
            stopTimer();
            final Optional<S3Exception> wrong = wrong(request);
            if (wrong.isPresent() || refused) {
                ReferenceCountUtil.release(message);
                wrong.ifPresent(error -> refuse(context, error));
                return;
            }
            inRequest = true;
            owed++;
        }
        if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            bodyBroken(context);
            return;
        }
        if (message instanceof LastHttpContent) {
            inRequest = false;
        }
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        context.fireChannelRead(message);
    }

    /**
     * What was framed wrongly is no end of a body: nobody may see it as one. So it goes no further, and the request in work learns
     * of it from the end of the connection.
     */
    private void bodyBroken(final ChannelHandlerContext context) {
        refused = true;
        severed = true;
        if (answering) {
            close(context.channel());
        } else {
            answer(context, badRequest());
        }
    }

    private static Optional<S3Exception> wrong(final HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(
                    switch (request.decoderResult().cause()) {
                        case TooLongHttpHeaderException tooLong ->
                            new S3Exception(S3ErrorCode.REQUEST_HEADER_SECTION_TOO_LARGE);
                        case TooLongHttpLineException tooLong ->
                            new S3Exception(S3ErrorCode.INVALID_URI, "The request line is too long.");
                        default -> badRequest();
                    });
        }
        final HttpHeaders headers = request.headers();
        return hasOneHost(request)
                        && hasOneLength(headers)
                        && request.protocolVersion().majorVersion() == 1
                ? Optional.empty()
                : Optional.of(badRequest());
    }

    /** RFC 9112, section 3.2: whom a request is for must be beyond doubt. */
    private static boolean hasOneHost(final HttpRequest request) {
        final Iterator<String> hosts = request.headers().valueStringIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            return !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        }
        hosts.next();
        return !hosts.hasNext();
    }

    /** RFC 9112, section 6.3: chunks are the only coding that is undone here, and that tells where the body ends. */
    private static boolean hasOneLength(final HttpHeaders headers) {
        final Iterator<String> codings = headers.valueStringIterator(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.hasNext()) {
            return true;
        }
        return codings.next().strip().equalsIgnoreCase("chunked")
                && !codings.hasNext()
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    private static S3Exception badRequest() {
        return new S3Exception(S3ErrorCode.BAD_REQUEST, "An error occurred when parsing the HTTP request.");
    }

    private void refuse(final ChannelHandlerContext context, final S3Exception error) {
        if (owed > 0) {
            refused = true;
            deferred = Optional.of(error);
            return;
        }
        refused = true;
        deferred = Optional.empty();
        answer(context, error);
    }

    private void answer(final ChannelHandlerContext context, final S3Exception error) {
        final String id = ids.next();
        final ByteBuf document = Unpooled.wrappedBuffer(
                ErrorDocument.write(error, "/", id, ids.hostId()).toByteBuffer());
        final FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(error.httpStatus()), document);
        answer.headers()
                .set("x-amz-request-id", id)
                .set("x-amz-id-2", ids.hostId())
                .set(HttpHeaderNames.CONTENT_TYPE, "application/xml")
                .set(HttpHeaderNames.CONTENT_LENGTH, document.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        var unused = context.writeAndFlush(answer).addListener((ChannelFuture sent) -> hangUp(sent.channel()));
    }

    /** A socket closed on bytes that were not read is reset, and the client would lose the answer: so it is half closed first. */
    private void hangUp(final Channel channel) {
        refused = true;
        parting = true;
        if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
            channel.config().setAutoRead(true);
            var unused = duplex.shutdownOutput();
            var unusedToo = channel.eventLoop().schedule(() -> close(channel), LINGER.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            close(channel);
        }
    }

    private static void close(final Channel channel) {
        var unused = channel.close();
    }

    @Override
    public void write(final ChannelHandlerContext context, final Object message, final ChannelPromise promise) {
        final boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        answering |= message instanceof HttpResponse && !interim;
        if (message instanceof LastHttpContent && !interim) {
            answering = false;
            owed--;
            if (deferred.isPresent()) {
                var unused = promise.addListener(sent -> {
                    if (owed == 0) {
                        deferred.ifPresent(error -> refuse(context, error));
                    }
                });
            }
        }
        var unused = context.write(message, promise);
    }

    @Override
    public void close(final ChannelHandlerContext context, final ChannelPromise promise) {
        if (inRequest && owed == 0 && !parting) {
            hangUp(context.channel());
            final var unused = context.channel().closeFuture().addListener(closed -> promise.trySuccess());
        } else {
            final var unused = context.close(promise);
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context) {
        stopTimer();
        severed |= inRequest;
        context.fireChannelInactive();
    }

    private void stopTimer() {
        timer.ifPresent(running -> running.cancel(false));
        timer = Optional.empty();
    }
}
