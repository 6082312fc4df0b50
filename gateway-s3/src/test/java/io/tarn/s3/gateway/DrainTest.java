package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Stopping: what is in work is finished, idle connections end, nothing new begins. */
final class DrainTest {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    @Test
    void aRequestInWorkIsFinishedAndIdleConnectionsEnd() throws Exception {
        try (GatewayFixture s3 = new GatewayFixture()) {
            final RawS3 raw = s3.raw();
            final String bucket = s3.newBucket();
            raw.put("/" + bucket + "/k", "content");
            s3.main().putObjectAcl(r -> r.bucket(bucket).key("k").acl("public-read"));
            final var entered = new CountDownLatch(1);
            final var release = new CountDownLatch(1);
            try (Socket idle = raw.connect();
                    Socket busy = raw.connect()) {
                RawS3.send(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(RawS3.read(idle.getInputStream(), false).status()).isEqualTo(200);
                s3.objects().fail((step, offset) -> {
                    entered.countDown();
                    try {
                        release.await();
                    } catch (final InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                });
                RawS3.send(busy, "GET /" + bucket + "/k HTTP/1.1\r\nHost: x\r\n\r\n");
                entered.await();
                final var closing =
                        CompletableFuture.runAsync(() -> s3.gateway().close(DRAIN));
                assertThat(idle.getInputStream().read()).as("idle connection").isEqualTo(-1);
                Await.until(() -> isRefused(raw));
                assertThat(closing).isNotDone();
                release.countDown();
                assertThat(RawS3.read(busy.getInputStream(), false).text()).isEqualTo("content");
                assertThat(busy.getInputStream().read())
                        .as("end of the busy connection")
                        .isEqualTo(-1);
                closing.join();
            }
            assertThatThrownBy(raw::connect).isInstanceOf(IOException.class);
        }
    }

    private static boolean isRefused(final RawS3 raw) {
        try (Socket socket = raw.connect()) {
            return socket.getInputStream().read() < 0;
        } catch (final IOException refused) {
            return true;
        }
    }
}
