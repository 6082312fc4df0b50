package io.tarn.s3.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.tarn.s3.call.Reply;
import io.tarn.s3.wire.HttpDate;
import io.tarn.s3.xml.ErrorDocument;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes a reply to its connection. Called on the request's virtual thread.
 *
 * <p>Cost: a reply in memory, or content of up to one chunk, is one write of head and body together (one task on the event
 * loop); longer content goes through {@link ContentPump}.
 */
final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);
    private static final String SERVER = "Tarn";

    private final String hostId;
    private final LongAdder brokenOff = new LongAdder();
    private volatile CachedDate date = new CachedDate(0, "");

    private record CachedDate(long second, String text) {}

    Responder(final String hostId) {
        this.hostId = hostId;
    }

    /**
     * Sends; completes {@code done} when all is written. Returns when content of the reply is no longer read. Nothing was sent
     * if it throws.
     */
    void send(
            final HttpServerResponse response,
            final Reply reply,
            final String requestId,
            final String resource,
            final MonoSink<Void> done) {
        switch (reply.body()) {
            case Reply.Nothing nothing -> {
                HttpHeaders headers = head(response, reply, requestId);
                if (reply.status() != 204 && reply.status() != 304) {
                    headers.set(HttpHeaderNames.CONTENT_LENGTH, "0");
                }
                finish(response, done);
            }
            case Reply.LengthOnly only -> {
                head(response, reply, requestId).set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(only.length()));
                finish(response, done);
            }
            case Reply.Bytes document -> {
                head(response, reply, requestId);
                sendBytes(response, Unpooled.wrappedBuffer(document.bytes()), done);
            }
            case Reply.Failure failed -> {
                head(response, reply, requestId).set(HttpHeaderNames.CONTENT_TYPE, "application/xml");
                ByteBuffer document = ErrorDocument.write(failed.error(), resource, requestId, hostId)
                        .toByteBuffer();
                sendBytes(response, Unpooled.wrappedBuffer(document), done);
            }
            case Reply.Range range -> sendRange(response, reply, range, requestId, done);
        }
    }

    /** How many answers broke off after their status was sent. */
    long brokenOff() {
        return brokenOff.sum();
    }

    private HttpHeaders head(final HttpServerResponse response, final Reply reply, final String requestId) {
        response.status(reply.status());
        HttpHeaders headers = response.responseHeaders();
        headers.add("x-amz-request-id", requestId);
        headers.add("x-amz-id-2", hostId);
        headers.add(HttpHeaderNames.DATE, date());
        headers.add(HttpHeaderNames.SERVER, SERVER);
        List<String> lines = reply.headers();
        for (int i = 0; i < lines.size(); i += 2) {
            headers.add(lines.get(i), lines.get(i + 1));
        }
        return headers;
    }

    /** That a client has gone is no failure of ours. */
    private static void fail(final MonoSink<Void> done, final Throwable failure) {
        if (AbortedException.isConnectionReset(failure)) {
            done.success();
        } else {
            done.error(failure);
        }
    }

    private static void finish(final HttpServerResponse response, final MonoSink<Void> done) {
        response.send().subscribe(ignored -> {}, failure -> fail(done, failure), done::success);
    }

    private static void sendBytes(final HttpServerResponse response, final ByteBuf bytes, final MonoSink<Void> done) {
        response.responseHeaders().set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bytes.readableBytes()));
        response.sendObject(bytes).then().subscribe(ignored -> {}, failure -> fail(done, failure), done::success);
    }

    private void sendRange(
            final HttpServerResponse response,
            final Reply reply,
            final Reply.Range range,
            final String requestId,
            final MonoSink<Void> done) {
        Channel channel = channelOf(response);
        try (var reader = range.reader()) {
            // the first bytes are read before the status goes out: what fails here is an error and no broken answer
            int length = (int) Math.min(ContentPump.CHUNK_BYTES, range.length());
            ByteBuf first = ContentPump.read(channel, reader, range.offset(), length);
            HttpHeaders headers = head(response, reply, requestId);
            if (length == range.length()) {
                sendBytes(response, first, done);
                return;
            }
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(range.length()));
            var pump = new ContentPump(channel, range, first);
            response.send(pump.chunks(), everyChunk -> true)
                    .then()
                    .subscribe(ignored -> {}, failure -> fail(done, failure), done::success);
            pumpOrBreakOff(pump, range, requestId, channel);
        }
    }

    private void pumpOrBreakOff(
            final ContentPump pump, final Reply.Range range, final String requestId, final Channel channel) {
        try {
            pump.run();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            var unused = channel.close();
        } catch (RuntimeException failed) {
            brokenOff.increment();
            LOG.error(
                    "request {}: reading {} broke off after the status was sent",
                    requestId,
                    range.reader().info().key(),
                    failed);
            var unused = channel.close();
        }
    }

    private static Channel channelOf(final HttpServerResponse response) {
        var holder = new Channel[1];
        response.withConnection(connection -> holder[0] = connection.channel());
        return holder[0];
    }

    private String date() {
        Instant now = Instant.now();
        CachedDate cached = date;
        if (cached.second() != now.getEpochSecond()) {
            cached = new CachedDate(now.getEpochSecond(), HttpDate.format(now));
            date = cached;
        }
        return cached.text();
    }
}
