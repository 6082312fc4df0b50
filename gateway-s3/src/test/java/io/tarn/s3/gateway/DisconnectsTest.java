package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tarn.s3.fault.FaultyObjects.Step;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Clients that go away in the middle, politely or not: nothing of theirs is committed, nothing is held for them, and the log says
 * nothing, for anybody can do it as often as he likes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DisconnectsTest {
    private static final int LENGTH = 4 * 1024 * 1024;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private GatewayFixture s3;
    private RawS3 raw;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        raw = s3.raw();
        bucket = s3.newBucket();
        log.start();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    @BeforeEach
    void listen() {
        log.list.clear();
        root().addAppender(log);
    }

    @AfterEach
    void nothingIsLeft() {
        Await.until(() -> s3.gateway().places() == GatewayFixture.LIMITS.requests());
        Await.until(() -> s3.openReaders() == 0);
        Await.until(() -> ContentPump.buffersUnderWay() == 0);
        root().detachAppender(log);
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
        s3.objects().heal();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** How a client goes. */
    private enum Exit {
        FINISH,
        RESET
    }

    static Stream<Exit> exits() {
        return Stream.of(Exit.values());
    }

    private static void leave(final Socket socket, final Exit exit) throws IOException {
        if (exit == Exit.RESET) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    /** The head of a signed request for a body of {@link #LENGTH}, whose content is not signed. */
    private String head(final String method, final String target, final String... headers) {
        final List<String> all = Stream.concat(Stream.of(headers), Stream.of("Content-Length", String.valueOf(LENGTH)))
                .toList();
        final List<String> signed = TestSigner.MAIN.sign(method, target, raw.host(), all, new byte[0], Instant.now());
        final var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        for (int i = 0; i < signed.size(); i += 2) {
            head.append(signed.get(i)).append(": ").append(signed.get(i + 1)).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** Sends a head and some of the body, goes when the store has begun to write, and waits until the writer is closed. */
    private void goInTheMiddle(final String head, final byte[] some, final Exit exit) throws IOException {
        final var writing = new CountDownLatch(1);
        final var closed = new CountDownLatch(1);
        final var committed = new AtomicInteger();
        s3.objects().fail((step, offset) -> {
            switch (step) {
                case WRITE -> writing.countDown();
                case CLOSE -> closed.countDown();
                case PUT, PUT_PART, COMPLETE -> committed.incrementAndGet();
                default -> {}
            }
        });
        final Socket socket = raw.connect();
        RawS3.send(socket, head);
        socket.getOutputStream().write(some);
        Await.until(() -> writing.getCount() == 0);
        leave(socket, exit);
        Await.until(() -> closed.getCount() == 0);
        s3.objects().heal();
        assertThat(committed).hasValue(0);
        assertThat(raw.get("/" + bucket + "/k").error()).isEqualTo("404 NoSuchKey");
        Await.until(() -> s3.bufferedBytes() == 0);
    }

    @ParameterizedTest
    @MethodSource("exits")
    void inTheMiddleOfAnObject(final Exit exit) throws IOException {
        goInTheMiddle(
                head("PUT", "/" + bucket + "/k", "x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
                new byte[LENGTH / 2],
                exit);
    }

    @ParameterizedTest
    @MethodSource("exits")
    void inTheMiddleOfAChunk(final Exit exit) throws IOException {
        final String head = head(
                "PUT",
                "/" + bucket + "/k",
                "x-amz-content-sha256",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "x-amz-trailer",
                "x-amz-checksum-crc32",
                "x-amz-decoded-content-length",
                String.valueOf(LENGTH - 100));
        final byte[] chunk = ("100000\r\n" + "x".repeat(500_000)).getBytes(StandardCharsets.US_ASCII);
        goInTheMiddle(head, chunk, exit);
    }

    @ParameterizedTest
    @MethodSource("exits")
    void inTheMiddleOfAPart(final Exit exit) throws IOException {
        final String upload =
                s3.main().createMultipartUpload(r -> r.bucket(bucket).key("k")).uploadId();
        final String target = "/" + bucket + "/k?partNumber=1&uploadId=" + upload;
        goInTheMiddle(head("PUT", target, "x-amz-content-sha256", "UNSIGNED-PAYLOAD"), new byte[LENGTH / 2], exit);
        assertThat(s3.main()
                        .listParts(r -> r.bucket(bucket).key("k").uploadId(upload))
                        .parts())
                .isEmpty();
        s3.main().abortMultipartUpload(r -> r.bucket(bucket).key("k").uploadId(upload));
    }

    @ParameterizedTest
    @MethodSource("exits")
    void beforeTheBodyWasAskedFor(final Exit exit) throws IOException {
        final Socket socket = raw.connect();
        RawS3.send(
                socket,
                head("PUT", "/" + bucket + "/k", "x-amz-content-sha256", "UNSIGNED-PAYLOAD", "Expect", "100-continue"));
        assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 100");
        leave(socket, exit);
        Await.until(() -> s3.bufferedBytes() == 0);
        assertThat(raw.get("/" + bucket + "/k").error()).isEqualTo("404 NoSuchKey");
    }

    @ParameterizedTest
    @MethodSource("exits")
    void inTheMiddleOfASmallBody(final Exit exit) throws IOException {
        final Socket socket = raw.connect();
        RawS3.send(
                socket,
                head("PUT", "/" + bucket + "/k", "x-amz-content-sha256", "UNSIGNED-PAYLOAD")
                                .replace("Content-Length: " + LENGTH, "Content-Length: 1000")
                        + "abc");
        leave(socket, exit);
        Await.until(() -> s3.bufferedBytes() == 0);
        assertThat(raw.get("/" + bucket + "/k").error()).isEqualTo("404 NoSuchKey");
    }

    @ParameterizedTest
    @MethodSource("exits")
    void inTheMiddleOfAnAnswer(final Exit exit) throws IOException {
        s3.main()
                .putObject(
                        r -> r.bucket(bucket).key("big").acl("public-read"),
                        RequestBody.fromBytes(new byte[8 * LENGTH]));
        final Socket socket = raw.connect();
        RawS3.send(socket, "GET /" + bucket + "/big HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
        leave(socket, exit);
        Await.until(() -> s3.bufferedBytes() == 0);
    }

    @ParameterizedTest
    @MethodSource("exits")
    void beforeTheAnswerWasThere(final Exit exit) throws IOException {
        final var reached = new CountDownLatch(1);
        final var gone = new CountDownLatch(1);
        s3.objects().fail((step, offset) -> {
            if (step == Step.STAT) {
                reached.countDown();
                Await.until(() -> gone.getCount() == 0);
            }
        });
        final Socket socket = raw.connect();
        RawS3.send(socket, "HEAD /" + bucket + "/k HTTP/1.1\r\nHost: x\r\n\r\n");
        Await.until(() -> reached.getCount() == 0);
        leave(socket, exit);
        gone.countDown();
        Await.until(() -> s3.bufferedBytes() == 0);
    }

    @Test
    void aCommitInWorkIsFinishedThoughTheClientIsGone() throws IOException {
        final var reached = new CountDownLatch(1);
        final var gone = new CountDownLatch(1);
        s3.objects().fail((step, offset) -> {
            if (step == Step.PUT) {
                reached.countDown();
                Await.until(() -> gone.getCount() == 0);
            }
        });
        final Socket socket = raw.connect();
        RawS3.send(
                socket,
                head("PUT", "/" + bucket + "/late", "x-amz-content-sha256", "UNSIGNED-PAYLOAD")
                                .replace("Content-Length: " + LENGTH, "Content-Length: 3")
                        + "abc");
        Await.until(() -> reached.getCount() == 0);
        leave(socket, Exit.RESET);
        gone.countDown();
        s3.objects().heal();
        Await.until(() -> raw.get("/" + bucket + "/late").text().equals("abc"));
    }
}
