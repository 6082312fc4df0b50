package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.s3.fault.FaultyObjects.Step;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A store that is overloaded, full, slow or damaged, as a client sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultsTest {
    private static final int BIG = 4 * 1024 * 1024;

    private GatewayFixture s3;
    private RawS3 raw;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        raw = s3.raw();
        bucket = s3.newBucket();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    @AfterEach
    void heal() {
        s3.objects().heal();
    }

    private void failing(final Step where, final Failure failure) {
        s3.objects().fail((step, offset) -> {
            if (step == where) {
                throw new StorageException(failure, "put in by a test");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, 503 SlowDown",
        "TIMEOUT, 503 SlowDown",
        "OUT_OF_SPACE, 503 ServiceUnavailable",
        "QUOTA_EXCEEDED, 403 QuotaExceeded",
        "IO_ERROR, 500 InternalError",
        "CONFLICT, 409 OperationAborted"
    })
    void whatTheCommitFailsWithHasItsOwnAnswer(final Failure failure, final String expected) {
        failing(Step.PUT, failure);
        final RawS3.Answer put = raw.put("/" + bucket + "/refused", "x");
        assertThat(put.error()).isEqualTo(expected);
        assertThat(put.header("retry-after")).isEqualTo(put.status() == 503 ? "1" : "");
        s3.objects().heal();
        assertThat(raw.get("/" + bucket + "/refused").error()).isEqualTo("404 NoSuchKey");
        assertThat(raw.put("/" + bucket + "/refused", "x").status()).isEqualTo(200);
        raw.call("DELETE", "/" + bucket + "/refused", "");
    }

    @Test
    void aDiskThatFillsUpWhileABodyComesStillServesReads() {
        raw.put("/" + bucket + "/before", "kept");
        s3.objects().fail((step, offset) -> {
            if (step == Step.WRITE && offset > 0) {
                throw new StorageException(Failure.OUT_OF_SPACE, "put in by a test");
            }
        });
        final RawS3.Answer put = raw.put("/" + bucket + "/large", "x".repeat(BIG));
        assertThat(put.error()).isEqualTo("503 ServiceUnavailable");
        assertThat(put.element("Message")).contains("out of space");
        assertThat(raw.get("/" + bucket + "/before").text()).isEqualTo("kept");
        assertThat(raw.get("/" + bucket + "/large").error()).isEqualTo("404 NoSuchKey");
        s3.objects().heal();
        assertThat(raw.put("/" + bucket + "/large", "x".repeat(BIG)).status()).isEqualTo(200);
    }

    @Test
    void damageFoundBeforeTheStatusIsAnError() {
        raw.put("/" + bucket + "/damaged", "x".repeat(BIG));
        failing(Step.READ, Failure.CORRUPT);
        assertThat(raw.get("/" + bucket + "/damaged").error()).isEqualTo("500 InternalError");
        assertThat(s3.openReaders()).isZero();
    }

    @Test
    void damageFoundInTheMiddleCutsTheConnectionAndIsLoggedAndCounted() {
        raw.put("/" + bucket + "/damaged", "x".repeat(BIG));
        final long before = s3.gateway().brokenOff();
        final var log = new ListAppender<ILoggingEvent>();
        final var logger = (Logger) LoggerFactory.getLogger(Responder.class);
        log.start();
        logger.addAppender(log);
        s3.objects().fail((step, offset) -> {
            if (step == Step.READ && offset >= BIG / 2) {
                throw new StorageException(Failure.CORRUPT, "put in by a test");
            }
        });
        try {
            assertThatThrownBy(() -> raw.get("/" + bucket + "/damaged"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(EOFException.class);
            Await.until(() -> s3.openReaders() == 0);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(s3.gateway().brokenOff()).isEqualTo(before + 1);
        assertThat(log.list).anyMatch(event -> event.getFormattedMessage().contains("damaged"));
    }

    @Test
    void eachKeyOfADeleteHasItsOwnError() {
        raw.put("/" + bucket + "/a", "x");
        failing(Step.DELETE, Failure.UNAVAILABLE);
        final RawS3.Answer deleted = raw.deleteObjects("/" + bucket, "<Delete><Object><Key>a</Key></Object></Delete>");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.element("Error")).contains("<Key>a</Key>", "<Code>SlowDown</Code>");
    }

    @Test
    void requestsBeyondTheLimitAreToldToSlowDown() throws Exception {
        final var release = new CountDownLatch(1);
        final var waiting = new CountDownLatch(GatewayFixture.LIMITS.requests());
        s3.objects().fail((step, offset) -> {
            waiting.countDown();
            awaitQuietly(release);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final var running = new java.util.ArrayList<Future<RawS3.Answer>>();
            for (int i = 0; i < GatewayFixture.LIMITS.requests(); i++) {
                running.add(threads.submit(() -> raw.get("/" + bucket + "/absent")));
            }
            waiting.await();
            final RawS3.Answer refused = raw.get("/" + bucket + "/absent");
            assertThat(refused.error()).isEqualTo("503 SlowDown");
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(s3.gateway().turnedAway()).isEqualTo(1);
            release.countDown();
            for (final Future<RawS3.Answer> answer : running) {
                assertThat(answer.get().error()).isEqualTo("404 NoSuchKey");
            }
        }
    }

    private static void awaitQuietly(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
