package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.sync.RequestBody;

/** Clients that never stop and never get on: each holds something of the server's, so none may do it for ever. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SlowClientsTest {
    private static final int REQUESTS = 4;
    private static final long MIN_BYTES_PER_SECOND = 16 * 1024;
    private static final int BIG = 32 * 1024 * 1024;
    private static final long TICK_MILLIS = 50;
    private static final int RECEIVE_BYTES = 16 * 1024;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private GatewayFixture s3;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture(new S3Settings.Limits(
                100,
                REQUESTS,
                8 * 1024,
                16 * 1024,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                MIN_BYTES_PER_SECOND));
        bucket = s3.newBucket();
        s3.main().putBucketAcl(r -> r.bucket(bucket).acl("public-read-write"));
        s3.main().putObject(r -> r.bucket(bucket).key("big").acl("public-read"), RequestBody.fromBytes(new byte[BIG]));
        s3.main()
                .putObject(
                        r -> r.bucket(bucket).key("small").acl("public-read"), RequestBody.fromBytes(new byte[60_000]));
    }

    @AfterAll
    void stop() {
        clock.shutdownNow();
        s3.close();
    }

    /** A connection that takes little ahead of its reader. */
    private Socket connect() throws IOException {
        final var socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.setSoTimeout(RawS3.TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", s3.port()));
        return socket;
    }

    /** Sends so many bytes a second until the connection ends. */
    private void trickle(final Socket socket, final int bytesPerSecond) {
        final byte[] piece = new byte[(int) (bytesPerSecond * TICK_MILLIS / 1000)];
        final var unused = clock.scheduleAtFixedRate(
                () -> {
                    try {
                        socket.getOutputStream().write(piece);
                    } catch (final IOException ended) {
                        throw new IllegalStateException("the trickle ends", ended);
                    }
                },
                0,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void allPlacesAreFree() {
        Await.until(() -> s3.gateway().places() == REQUESTS);
    }

    @Test
    void aBodyThatTricklesIsTimedOut() throws IOException {
        final long before = s3.gateway().slowClients();
        try (Socket socket = connect()) {
            RawS3.send(socket, "PUT /" + bucket + "/k HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");
            trickle(socket, 2 * 1024);
            final RawS3.Answer answer = RawS3.read(socket.getInputStream(), false);
            assertThat(answer.error()).isEqualTo("400 RequestTimeout");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        allPlacesAreFree();
        assertThat(s3.gateway().slowClients()).isEqualTo(before + 1);
        assertThat(s3.raw().get("/" + bucket + "/k").error()).isEqualTo("404 NoSuchKey");
    }

    @Test
    void aSmallBodyThatTricklesIsTimedOut() throws IOException {
        final long before = s3.gateway().slowClients();
        try (Socket socket = connect()) {
            RawS3.send(socket, "PUT /" + bucket + "/k HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
            trickle(socket, 1024);
            assertThat(RawS3.read(socket.getInputStream(), false).error()).isEqualTo("400 RequestTimeout");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        allPlacesAreFree();
        assertThat(s3.gateway().slowClients()).isEqualTo(before + 1);
    }

    @Test
    void aBodyThatComesSlowlyButFastEnoughIsTaken() throws IOException {
        final int length = 3 * 64 * 1024;
        try (Socket socket = connect()) {
            RawS3.send(
                    socket, "PUT /" + bucket + "/slow HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n");
            trickle(socket, 64 * 1024);
            assertThat(RawS3.read(socket.getInputStream(), false).status()).isEqualTo(200);
        }
        assertThat(s3.raw().call("HEAD", "/" + bucket + "/slow", "").header("content-length"))
                .isEqualTo(String.valueOf(length));
    }

    @Test
    void aTrickleThatIsRefusedHoldsNothing() throws IOException {
        try (Socket socket = connect()) {
            RawS3.send(socket, "PUT /nosuchbucket/k HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");
            trickle(socket, 1024);
            assertThat(RawS3.read(socket.getInputStream(), false).error()).isEqualTo("404 NoSuchBucket");
            allPlacesAreFree();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aClientThatStillSendsCanReadWhyItWasRefused() throws IOException {
        try (Socket socket = connect()) {
            RawS3.send(socket, "PUT /nosuchbucket/k HTTP/1.1\r\nHost: x\r\nContent-Length: " + BIG + "\r\n\r\n");
            socket.getOutputStream().write(new byte[BIG]);
            assertThat(RawS3.read(socket.getInputStream(), false).error()).isEqualTo("404 NoSuchBucket");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Reads so much a second; returns how much came before the connection ended, or the limit. */
    private long readSlowly(final Socket socket, final int bytesPerSecond, final long limit) throws IOException {
        final var allowed = new AtomicLong();
        final var pacer = clock.scheduleAtFixedRate(
                () -> allowed.addAndGet(bytesPerSecond * TICK_MILLIS / 1000), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        long read = 0;
        try {
            final InputStream in = socket.getInputStream();
            final byte[] buffer = new byte[8 * 1024];
            while (read < limit) {
                final long soFar = read;
                Await.until(() -> allowed.get() > soFar);
                final int count = in.read(buffer, 0, (int) Math.min(buffer.length, allowed.get() - read));
                if (count < 0) {
                    return read;
                }
                read += count;
            }
            return read;
        } catch (final SocketException reset) {
            return read;
        } finally {
            pacer.cancel(false);
        }
    }

    @Test
    void aReaderThatTricklesIsGivenUp() throws IOException {
        final long before = s3.gateway().slowClients();
        try (Socket socket = connect()) {
            RawS3.send(socket, "GET /" + bucket + "/big HTTP/1.1\r\nHost: x\r\n\r\n");
            final var ended = clock.scheduleAtFixedRate(
                    () -> {
                        try {
                            final var unused = socket.getInputStream().readNBytes(64);
                        } catch (final IOException reset) {
                            throw new IllegalStateException("the reading ends", reset);
                        }
                    },
                    0,
                    TICK_MILLIS,
                    TimeUnit.MILLISECONDS);
            Await.until(() -> s3.gateway().slowClients() == before + 1);
            Await.until(() -> s3.openReaders() == 0);
            allPlacesAreFree();
            ended.cancel(false);
        }
        Await.until(() -> ContentPump.buffersUnderWay() == 0);
    }

    @Test
    void aReaderThatIsSlowButFastEnoughGetsItAll() throws IOException {
        final long before = s3.gateway().slowClients();
        try (Socket socket = connect()) {
            RawS3.send(socket, "GET /" + bucket + "/big HTTP/1.1\r\nHost: x\r\n\r\n");
            final long slowly = readSlowly(socket, 1024 * 1024, 4 * 1024 * 1024);
            socket.getInputStream().skipNBytes(BIG - slowly);
        } finally {
            assertThat(s3.gateway().slowClients()).isEqualTo(before);
        }
    }

    @Test
    void aClientThatNeverReadsItsAnswersIsGivenUp() throws IOException {
        final long before = s3.gateway().slowClients();
        final String request = "GET /" + bucket + "/small HTTP/1.1\r\nHost: x\r\n\r\n";
        try (Socket socket = connect()) {
            for (int i = 0; i < 200; i++) {
                RawS3.send(socket, request);
            }
            Await.until(() -> s3.gateway().slowClients() == before + 1);
            allPlacesAreFree();
        }
    }
}
