package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.s3.fault.FaultyObjects.Step;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no HTTP, too much of it, or comes too slowly: an S3 error where one can be given, then the connection ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpEdgesTest {
    private static final int CONNECTIONS = 4;
    private static final String AUTH = "Host: x\r\n";

    private GatewayFixture s3;
    private RawS3 raw;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture(new S3Settings.Limits(
                100, 50, 8 * 1024, 16 * 1024, Duration.ofSeconds(3), Duration.ofSeconds(1), 1024));
        raw = s3.raw();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    /** The answer to these bytes, after which the connection must have ended. */
    private RawS3.Answer answered(final String bytes) throws IOException {
        try (Socket socket = raw.connect()) {
            RawS3.send(socket, bytes);
            final RawS3.Answer answer = RawS3.read(socket.getInputStream(), false);
            assertThat(socket.getInputStream().read())
                    .as("end of the connection")
                    .isEqualTo(-1);
            return answer;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "GET / HTTP/9.x\r\n\r\n",
                "GET / HTTP/1.1\r\nno colon here\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nBad\u0001Name: v\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void whatIsNoRequestIsABadRequest(final String bytes) throws IOException {
        final RawS3.Answer answer = answered(bytes);
        assertThat(answer.error()).isEqualTo("400 BadRequest");
        assertThat(answer.element("RequestId")).isNotBlank().isEqualTo(answer.header("x-amz-request-id"));
        assertThat(answer.header("content-type")).isEqualTo("application/xml");
        assertThat(answer.header("connection")).isEqualTo("close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/b/%zz", "/b/%c3%28", "/b/k?versionId=%f", "/b/%"})
    void brokenEscapesAreInvalidUris(final String target) {
        assertThat(raw.anonymous("GET", target, "").error()).isEqualTo("400 InvalidURI");
    }

    @Test
    void tooLongLinesAndHeadsAreRefused() throws IOException {
        assertThat(answered("GET /" + "a".repeat(9 * 1024) + " HTTP/1.1\r\n" + AUTH + "\r\n")
                        .error())
                .isEqualTo("400 InvalidURI");
        assertThat(answered("GET / HTTP/1.1\r\n" + AUTH + "X-Long: " + "a".repeat(17 * 1024) + "\r\n\r\n")
                        .error())
                .isEqualTo("400 RequestHeaderSectionTooLarge");
        final var many = new StringBuilder("GET / HTTP/1.1\r\n" + AUTH);
        for (int i = 0; i < 1000; i++) {
            many.append("X-").append(i).append(": 0123456789\r\n");
        }
        assertThat(answered(many.append("\r\n").toString()).error()).isEqualTo("400 RequestHeaderSectionTooLarge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "GET / HTTP/1.1\r\nHost: x\r\n"})
    void aHeadThatIsNotFinishedIsTimedOut(final String begun) throws IOException {
        assertThat(answered(begun).error()).isEqualTo("400 RequestTimeout");
    }

    @Test
    void aSecondHeadIsTimedOutAsWell() throws IOException {
        try (Socket socket = raw.connect()) {
            RawS3.send(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(RawS3.read(socket.getInputStream(), false).status()).isEqualTo(200);
            RawS3.send(socket, "GET / HT");
            assertThat(RawS3.read(socket.getInputStream(), false).error()).isEqualTo("400 RequestTimeout");
        }
    }

    @Test
    void aRequestBeforeAMalformedOneIsStillAnswered() throws IOException {
        try (Socket socket = raw.connect()) {
            RawS3.send(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\nNONSENSE\r\n\r\n");
            assertThat(RawS3.read(socket.getInputStream(), false).status()).isEqualTo(200);
            assertThat(RawS3.read(socket.getInputStream(), false).error()).isEqualTo("400 BadRequest");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws IOException {
        try (Socket socket = raw.connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void theWholeUrlMayStandInTheRequestLine() throws IOException {
        try (Socket socket = raw.connect()) {
            RawS3.send(socket, "GET http://x/nosuchbucket/k HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(RawS3.read(socket.getInputStream(), false).error()).isEqualTo("404 NoSuchBucket");
        }
    }

    @Test
    void aBrokenChunkEndsTheConnection() throws IOException {
        final String bucket = s3.newBucket();
        s3.main().putBucketAcl(r -> r.bucket(bucket).acl("public-read-write"));
        final var committed = new AtomicBoolean();
        final var ended = new AtomicBoolean();
        s3.objects().fail((step, offset) -> {
            committed.compareAndSet(false, step == Step.PUT);
            ended.compareAndSet(false, step == Step.CLOSE);
        });
        try (Socket socket = raw.connect()) {
            RawS3.send(
                    socket,
                    "PUT /" + bucket
                            + "/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
            assertThat(RawS3.read(socket.getInputStream(), false).error()).isEqualTo("400 BadRequest");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        Await.until(ended::get);
        s3.objects().heal();
        assertThat(committed).isFalse();
        assertThat(raw.get("/" + bucket + "/k").error()).isEqualTo("404 NoSuchKey");
    }

    @Test
    void connectionsBeyondTheLimitAreClosedUntilOthersEnd() throws IOException {
        final var limits = new S3Settings.Limits(
                CONNECTIONS, 50, 8 * 1024, 16 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(5), 1024);
        final var open = new ArrayList<Socket>();
        try (GatewayFixture small = new GatewayFixture(limits)) {
            for (int i = 0; i < CONNECTIONS; i++) {
                open.add(small.raw().connect());
                assertThat(isServed(open.getLast())).isTrue();
            }
            try (Socket late = small.raw().connect()) {
                assertThat(isServed(late)).isFalse();
                assertThat(small.gateway().connectionsTurnedAway()).isEqualTo(1);
            }
            open.removeFirst().close();
            Await.until(() -> {
                try (Socket next = small.raw().connect()) {
                    return isServed(next);
                } catch (final IOException refused) {
                    return false;
                }
            });
        } finally {
            for (final Socket socket : open) {
                socket.close();
            }
        }
    }

    private static boolean isServed(final Socket socket) {
        try {
            RawS3.send(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            return RawS3.read(socket.getInputStream(), false).status() == 200;
        } catch (final IOException notServed) {
            return false;
        }
    }
}
