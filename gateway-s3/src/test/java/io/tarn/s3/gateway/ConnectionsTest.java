package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

/** Clients that are slow, go away, or wait to be asked, seen at the socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConnectionsTest {
    private static final int BIG = 32 * 1024 * 1024;

    private GatewayFixture s3;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
    }

    @BeforeEach
    void bucket() {
        bucket = s3.newBucket();
        s3.main().putBucketAcl(r -> r.bucket(bucket).acl(BucketCannedACL.PUBLIC_READ_WRITE));
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    private Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", s3.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(final Socket socket, final String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String statusLine(final Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                .readLine();
    }

    @Test
    void aBodyIsAskedForOnlyWhenTheHeadIsAccepted() throws IOException {
        String head = " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
        try (Socket socket = connect()) {
            send(socket, "PUT /" + bucket + "/k" + head);
            assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 100 Continue");
        }
        s3.main().putBucketAcl(r -> r.bucket(bucket).acl(BucketCannedACL.PRIVATE));
        try (Socket socket = connect()) {
            send(socket, "PUT /" + bucket + "/k" + head);
            assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 403 Forbidden");
        }
    }

    @Test
    void whoAsksIsToldToContinueEvenWithoutABody() throws IOException {
        String put =
                "PUT /" + bucket + "/empty HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n";
        try (Socket socket = connect()) {
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (int request = 0; request < 3; request++) {
                send(socket, put);
                assertThat(nextStatus(lines)).isEqualTo("HTTP/1.1 100 Continue");
                assertThat(nextStatus(lines)).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    private static String nextStatus(final BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("HTTP/")) {
            line = lines.readLine();
        }
        return line;
    }

    @Test
    void aBodyThatStopsComingIsTimedOut() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "PUT /" + bucket + "/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
            assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 400 Bad Request");
        }
        try (Socket socket = connect()) {
            send(socket, "PUT /" + bucket + "/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
            assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 400 Bad Request");
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNoReaderOpen() throws IOException {
        s3.main()
                .putObject(
                        r -> r.bucket(bucket).key("big").acl(ObjectCannedACL.PUBLIC_READ),
                        RequestBody.fromBytes(new byte[BIG]));
        try (Socket socket = connect()) {
            send(socket, "GET /" + bucket + "/big HTTP/1.1\r\nHost: x\r\n\r\n");
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(1000)).hasSize(1000);
            assertThat(s3.openReaders()).isEqualTo(1);
        }
        Await.until(() -> s3.openReaders() == 0);
    }

    @Test
    void aClientThatStopsReadingIsGivenUp() throws IOException {
        s3.main()
                .putObject(
                        r -> r.bucket(bucket).key("big").acl(ObjectCannedACL.PUBLIC_READ),
                        RequestBody.fromBytes(new byte[BIG]));
        try (Socket socket = connect()) {
            socket.setReceiveBufferSize(4096);
            send(socket, "GET /" + bucket + "/big HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            Await.until(() -> s3.openReaders() == 0);
        }
    }

    @Test
    void severalRequestsShareAConnection() throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                send(socket, "HEAD /" + bucket + " HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            int answers = 0;
            while (answers < 3) {
                answers += lines.readLine().equals("HTTP/1.1 200 OK") ? 1 : 0;
            }
        }
    }
}
