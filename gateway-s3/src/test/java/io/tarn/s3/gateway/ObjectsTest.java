package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Exception;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ObjectsTest {
    private GatewayFixture s3;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        bucket = s3.newBucket();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    private static byte[] random(final int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private byte[] read(final String key) {
        return s3.main().getObjectAsBytes(r -> r.bucket(bucket).key(key)).asByteArray();
    }

    private void write(final String key, final String content) {
        s3.main().putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(content));
    }

    private static void fails(final int status, final String code, final Runnable action) {
        assertThatThrownBy(action::run).isInstanceOfSatisfying(S3Exception.class, error -> {
            assertThat(error.statusCode()).isEqualTo(status);
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(error.requestId()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 65_535, 65_536, 65_537, 262_144, 262_145, 1_048_577, 9_000_001})
    void whatIsWrittenIsReadBack(final int size) {
        byte[] content = random(size);
        s3.main().putObject(r -> r.bucket(bucket).key("size"), RequestBody.fromBytes(content));
        assertThat(read("size")).isEqualTo(content);
        assertThat(s3.main().headObject(r -> r.bucket(bucket).key("size")).contentLength())
                .isEqualTo(size);
        assertThat(s3.openReaders()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000, 5_000_003})
    void theAsynchronousClientIsServedToo(final int size) {
        byte[] content = random(size);
        s3.async()
                .putObject(r -> r.bucket(bucket).key("async"), AsyncRequestBody.fromBytes(content))
                .join();
        assertThat(s3.async()
                        .getObject(r -> r.bucket(bucket).key("async"), AsyncResponseTransformer.toBytes())
                        .join()
                        .asByteArray())
                .isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "a//b", "/a", "./x", "../x", "a b+c%25&=?#", "\uD83D\uDE00/é", "x/"})
    void keysAreKeptExactly(final String key) {
        String own = s3.newBucket();
        s3.main().putObject(r -> r.bucket(own).key(key), RequestBody.fromString(key));
        assertThat(s3.main().getObjectAsBytes(r -> r.bucket(own).key(key)).asUtf8String())
                .isEqualTo(key);
        assertThat(s3.main().listObjectsV2(r -> r.bucket(own)).contents())
                .singleElement()
                .satisfies(object -> assertThat(object.key()).isEqualTo(key));
    }

    @Test
    void metadataAndHeadersComeBack() {
        s3.main()
                .putObject(
                        r -> r.bucket(bucket)
                                .key("meta")
                                .metadata(Map.of("one", "1", "two", "zwei"))
                                .contentType("text/x")
                                .cacheControl("no-store"),
                        RequestBody.fromString("x"));
        var head = s3.main().headObject(r -> r.bucket(bucket).key("meta"));
        assertThat(head.metadata()).isEqualTo(Map.of("one", "1", "two", "zwei"));
        assertThat(head.contentType()).isEqualTo("text/x");
        assertThat(head.cacheControl()).isEqualTo("no-store");
    }

    @Test
    void everyChecksumIsVerifiedKeptAndReturned() {
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.knownValues()) {
            if (!java.util.Set.of("CRC32", "CRC32C", "SHA1", "SHA256").contains(algorithm.toString())) {
                continue;
            }
            s3.main()
                    .putObject(
                            r -> r.bucket(bucket).key("sum").checksumAlgorithm(algorithm),
                            RequestBody.fromString("checked"));
            var head = s3.main().headObject(r -> r.bucket(bucket).key("sum").checksumMode(ChecksumMode.ENABLED));
            assertThat(head.checksumTypeAsString()).as(algorithm.toString()).isEqualTo("FULL_OBJECT");
            assertThat(read("sum")).isEqualTo("checked".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aWrongContentMd5IsRefusedAndNothingIsWritten() {
        fails(400, "BadDigest", () -> s3.main()
                .putObject(
                        r -> r.bucket(bucket).key("md5").contentMD5("rL0Y20zC+Fzt72VPzMSk2A=="),
                        RequestBody.fromString("something else")));
        fails(404, "NoSuchKey", () -> read("md5"));
    }

    @Test
    void rangesAreCutAtTheEnd() {
        write("range", "0123456789");
        assertThat(s3.main()
                        .getObjectAsBytes(r -> r.bucket(bucket).key("range").range("bytes=4-100"))
                        .asUtf8String())
                .isEqualTo("456789");
        assertThat(s3.main()
                        .getObjectAsBytes(r -> r.bucket(bucket).key("range").range("bytes=-3"))
                        .response()
                        .contentRange())
                .isEqualTo("bytes 7-9/10");
        fails(416, "InvalidRange", () -> s3.main()
                .getObjectAsBytes(r -> r.bucket(bucket).key("range").range("bytes=10-")));
        assertThat(s3.openReaders()).isZero();
    }

    @Test
    void ofRacingConditionalWritesOneWins() throws InterruptedException {
        var won = new java.util.concurrent.atomic.AtomicInteger();
        var lost = new java.util.concurrent.atomic.AtomicInteger();
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                threads.submit(() -> {
                    try {
                        s3.main()
                                .putObject(
                                        r -> r.bucket(bucket).key("race").ifNoneMatch("*"),
                                        RequestBody.fromString("mine"));
                        won.incrementAndGet();
                    } catch (S3Exception error) {
                        assertThat(error.statusCode()).isEqualTo(412);
                        lost.incrementAndGet();
                    }
                });
            }
        }
        assertThat(won).hasValue(1);
        assertThat(lost).hasValue(15);
    }

    @Test
    void conditionalReadsAnswer304And412() {
        write("conditional", "x");
        String etag =
                s3.main().headObject(r -> r.bucket(bucket).key("conditional")).eTag();
        fails(304, "NotModified", () -> {
            try {
                s3.main()
                        .getObjectAsBytes(
                                r -> r.bucket(bucket).key("conditional").ifNoneMatch(etag));
            } catch (S3Exception notModified) {
                // a 304 has no body, so the client knows no code
                assertThat(notModified.statusCode()).isEqualTo(304);
                throw (S3Exception) S3Exception.builder()
                        .statusCode(304)
                        .requestId(notModified.requestId())
                        .awsErrorDetails(software.amazon.awssdk.awscore.exception.AwsErrorDetails.builder()
                                .errorCode("NotModified")
                                .build())
                        .build();
            }
        });
        fails(412, "PreconditionFailed", () -> s3.main()
                .getObjectAsBytes(r -> r.bucket(bucket).key("conditional").ifMatch("\"other\"")));
    }

    @Test
    void aCopyOntoItselfNeedsAChange() {
        write("self", "x");
        fails(400, "InvalidRequest", () -> s3.main().copyObject(r -> r.sourceBucket(bucket)
                .sourceKey("self")
                .destinationBucket(bucket)
                .destinationKey("self")));
        s3.main().copyObject(r -> r.sourceBucket(bucket)
                .sourceKey("self")
                .destinationBucket(bucket)
                .destinationKey("self")
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("new", "yes")));
        assertThat(s3.main().headObject(r -> r.bucket(bucket).key("self")).metadata())
                .isEqualTo(Map.of("new", "yes"));
    }

    @Test
    void whatIsNotOfferedIsNeverSilentlyIgnored() {
        fails(501, "NotImplemented", () -> s3.main()
                .putObject(
                        r -> r.bucket(bucket).key("sse").serverSideEncryption("AES256"), RequestBody.fromString("x")));
        fails(501, "NotImplemented", () -> s3.main()
                .putBucketPolicy(r -> r.bucket(bucket).policy("{}")));
        fails(404, "NoSuchBucketPolicy", () -> s3.main().getBucketPolicy(r -> r.bucket(bucket)));
        fails(404, "NoSuchLifecycleConfiguration", () -> s3.main()
                .getBucketLifecycleConfiguration(r -> r.bucket(bucket)));
    }
}
