package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditional headers of reads, writes, copies and deletions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConditionsApiTest {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final String DIGITS = "0123456789";
    private static final String PAST = HTTP_DATE.format(Instant.now().minusSeconds(3600));
    private static final String FUTURE = HTTP_DATE.format(Instant.now().plusSeconds(3600));

    private GatewayFixture s3;
    private RawS3 raw;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        raw = s3.raw();
        bucket = "/" + s3.newBucket();
        raw.put(bucket + "/digits", DIGITS);
        raw.put(bucket + "/empty", "");
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    @ParameterizedTest
    @CsvSource({
        "If-Match, E, 200",
        "If-Match, *, 200",
        "If-Match, '\"no\", E', 200",
        "If-Match, \"no\", 412",
        "If-None-Match, E, 304",
        "If-None-Match, *, 304",
        "If-None-Match, \"no\", 200",
        "If-Modified-Since, PAST, 200",
        "If-Modified-Since, FUTURE, 304",
        "If-Modified-Since, no date, 200",
        "If-Unmodified-Since, PAST, 412",
        "If-Unmodified-Since, FUTURE, 200"
    })
    void readsHaveConditions(final String header, final String value, final int status) {
        final String etag = raw.get(bucket + "/digits").header("etag");
        final String sent = value.replace("E", etag).replace("PAST", PAST).replace("FUTUR" + etag, FUTURE);
        final String date = value.equals("FUTURE") ? FUTURE : value.equals("PAST") ? PAST : sent;
        for (final String method : new String[] {"GET", "HEAD"}) {
            final RawS3.Answer answer = raw.call(method, bucket + "/digits", "", header, date);
            assertThat(answer.status()).isEqualTo(status);
            if (status == 304) {
                assertThat(answer.header("etag")).isEqualTo(etag);
                assertThat(answer.header("last-modified")).isNotBlank();
                assertThat(answer.body()).isEmpty();
            }
            if (status == 412 && method.equals("GET")) {
                assertThat(answer.element("Code")).isEqualTo("PreconditionFailed");
            }
        }
    }

    @Test
    void entityTagsGoBeforeDates() {
        final String etag = raw.get(bucket + "/digits").header("etag");
        assertThat(raw.get(bucket + "/digits", "If-Match", etag, "If-Unmodified-Since", PAST)
                        .status())
                .isEqualTo(200);
        assertThat(raw.get(bucket + "/digits", "If-None-Match", etag, "If-Modified-Since", PAST)
                        .status())
                .isEqualTo(304);
        assertThat(raw.get(bucket + "/digits", "If-None-Match", "\"no\"", "If-Modified-Since", FUTURE)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void writesHaveConditions() {
        final String target = bucket + "/conditional";
        assertThat(raw.put(target, "0", "If-Match", "\"no\"").error()).isEqualTo("404 NoSuchKey");
        assertThat(raw.put(target, "1", "If-None-Match", "*").status()).isEqualTo(200);
        assertThat(raw.put(target, "2", "If-None-Match", "*").error()).isEqualTo("412 PreconditionFailed");
        final String etag = raw.get(target).header("etag");
        assertThat(raw.put(target, "3", "If-Match", "\"no\"").error()).isEqualTo("412 PreconditionFailed");
        assertThat(raw.put(target, "4", "If-Match", etag).status()).isEqualTo(200);
        assertThat(raw.get(target).text()).isEqualTo("4");
        final String source = bucket + "/digits";
        assertThat(raw.put(target, "", "x-amz-copy-source", source, "If-None-Match", "*")
                        .error())
                .isEqualTo("412 PreconditionFailed");
        assertThat(raw.call("DELETE", target, "", "If-Match", "\"no\"").error()).isEqualTo("412 PreconditionFailed");
        assertThat(raw.call("DELETE", target, "", "x-amz-if-match-size", "77").error())
                .isEqualTo("412 PreconditionFailed");
        assertThat(raw.call("DELETE", target, "", "If-Match", "*").status()).isEqualTo(204);
    }

    @Test
    void copySourcesHaveConditions() {
        final String source = bucket + "/digits";
        final String etag = raw.get(source).header("etag");
        final String[][] held = {
            {"x-amz-copy-source-if-match", etag},
            {"x-amz-copy-source-if-none-match", "\"no\""},
            {"x-amz-copy-source-if-modified-since", PAST},
            {"x-amz-copy-source-if-unmodified-since", FUTURE}
        };
        final String[][] broken = {
            {"x-amz-copy-source-if-match", "\"no\""},
            {"x-amz-copy-source-if-none-match", etag},
            {"x-amz-copy-source-if-modified-since", FUTURE},
            {"x-amz-copy-source-if-unmodified-since", PAST}
        };
        for (final String[] condition : held) {
            assertThat(raw.put(bucket + "/c", "", "x-amz-copy-source", source, condition[0], condition[1])
                            .status())
                    .as(condition[0])
                    .isEqualTo(200);
        }
        for (final String[] condition : broken) {
            assertThat(raw.put(bucket + "/c", "", "x-amz-copy-source", source, condition[0], condition[1])
                            .error())
                    .as(condition[0])
                    .isEqualTo("412 PreconditionFailed");
        }
    }

    @Test
    void aRangeMayBeForOneStateOnly() {
        final RawS3.Answer whole = raw.get(bucket + "/digits");
        final String etag = whole.header("etag");
        final String modified = whole.header("last-modified");
        for (final String same : new String[] {etag, modified}) {
            assertThat(raw.get(bucket + "/digits", "Range", "bytes=0-0", "If-Range", same)
                            .status())
                    .isEqualTo(206);
        }
        for (final String other : new String[] {"\"other\"", "W/" + etag, PAST, FUTURE}) {
            assertThat(raw.get(bucket + "/digits", "Range", "bytes=0-0", "If-Range", other)
                            .status())
                    .as(other)
                    .isEqualTo(200);
        }
    }
}
