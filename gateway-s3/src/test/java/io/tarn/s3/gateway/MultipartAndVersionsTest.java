package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MultipartAndVersionsTest {
    private static final int PART = 5 * 1024 * 1024;

    private GatewayFixture s3;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    private CompletedPart part(final String bucket, final String upload, final int number, final int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) ('a' + number));
        String etag = s3.main()
                .uploadPart(
                        r -> r.bucket(bucket).key("big").uploadId(upload).partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    private String complete(final String bucket, final String upload, final List<CompletedPart> parts) {
        return s3.main()
                .completeMultipartUpload(
                        r -> r.bucket(bucket).key("big").uploadId(upload).multipartUpload(m -> m.parts(parts)))
                .eTag();
    }

    @Test
    void partsBecomeOneObjectAndCompletingAgainAnswersTheSame() {
        String bucket = s3.newBucket();
        String upload = s3.main()
                .createMultipartUpload(r -> r.bucket(bucket).key("big"))
                .uploadId();
        var parts = new ArrayList<CompletedPart>();
        parts.add(part(bucket, upload, 1, PART));
        parts.add(part(bucket, upload, 2, 1000));
        assertThat(s3.main()
                        .listParts(r -> r.bucket(bucket).key("big").uploadId(upload))
                        .parts())
                .hasSize(2);
        String etag = complete(bucket, upload, parts);
        assertThat(etag).endsWith("-2\"");
        assertThat(complete(bucket, upload, parts)).isEqualTo(etag);
        var second = s3.main().getObjectAsBytes(r -> r.bucket(bucket).key("big").partNumber(2));
        assertThat(second.asByteArray()).hasSize(1000).containsOnly('c');
        assertThat(second.response().partsCount()).isEqualTo(2);
        assertThat(s3.main().headObject(r -> r.bucket(bucket).key("big")).contentLength())
                .isEqualTo(PART + 1000L);
    }

    @Test
    void aSmallPartThatIsNotTheLastIsRefused() {
        String bucket = s3.newBucket();
        String upload = s3.main()
                .createMultipartUpload(r -> r.bucket(bucket).key("big"))
                .uploadId();
        List<CompletedPart> parts = List.of(part(bucket, upload, 1, 10), part(bucket, upload, 2, 10));
        assertThatThrownBy(() -> complete(bucket, upload, parts))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        error -> assertThat(error.awsErrorDetails().errorCode()).isEqualTo("EntityTooSmall"));
        s3.main().abortMultipartUpload(r -> r.bucket(bucket).key("big").uploadId(upload));
        assertThat(s3.main().listMultipartUploads(r -> r.bucket(bucket)).uploads())
                .isEmpty();
    }

    @Test
    void anEmptyBucketGoesWithItsUnfinishedUploads() {
        String bucket = s3.newBucket();
        s3.main().createMultipartUpload(r -> r.bucket(bucket).key("big"));
        s3.main().deleteBucket(r -> r.bucket(bucket));
        assertThatThrownBy(() -> s3.main().headBucket(r -> r.bucket(bucket)))
                .isInstanceOfSatisfying(S3Exception.class, error -> assertThat(error.statusCode())
                        .isEqualTo(404));
    }

    @Test
    void versionsStayUntilTheyAreDeletedByName() {
        String bucket = s3.newBucket();
        s3.main().putBucketVersioning(r -> r.bucket(bucket)
                .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        String first = s3.main()
                .putObject(r -> r.bucket(bucket).key("k"), RequestBody.fromString("1"))
                .versionId();
        s3.main().putObject(r -> r.bucket(bucket).key("k"), RequestBody.fromString("2"));
        var deleted = s3.main().deleteObject(r -> r.bucket(bucket).key("k"));
        assertThat(deleted.deleteMarker()).isTrue();
        assertThatThrownBy(
                        () -> s3.main().getObjectAsBytes(r -> r.bucket(bucket).key("k")))
                .isInstanceOfSatisfying(S3Exception.class, error -> assertThat(
                                error.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-delete-marker"))
                        .hasValue("true"));
        assertThat(s3.main()
                        .getObjectAsBytes(r -> r.bucket(bucket).key("k").versionId(first))
                        .asUtf8String())
                .isEqualTo("1");
        var listed = s3.main().listObjectVersions(r -> r.bucket(bucket));
        assertThat(listed.versions()).hasSize(2);
        assertThat(listed.deleteMarkers()).hasSize(1);
        var ids = new ArrayList<ObjectIdentifier>();
        listed.versions()
                .forEach(v -> ids.add(ObjectIdentifier.builder()
                        .key(v.key())
                        .versionId(v.versionId())
                        .build()));
        listed.deleteMarkers()
                .forEach(v -> ids.add(ObjectIdentifier.builder()
                        .key(v.key())
                        .versionId(v.versionId())
                        .build()));
        assertThat(s3.main()
                        .deleteObjects(r -> r.bucket(bucket).delete(d -> d.objects(ids)))
                        .deleted())
                .hasSize(3);
        s3.main().deleteBucket(r -> r.bucket(bucket));
    }

    @Test
    void listingPagesMeetEveryKeyAndPrefixOnce() {
        String bucket = s3.newBucket();
        for (String key : List.of("a", "b/1", "b/2", "b0", "c/1", "d", "é", "\uD83D\uDE00")) {
            s3.main().putObject(r -> r.bucket(bucket).key(key), RequestBody.empty());
        }
        var seen = new ArrayList<String>();
        for (var page : s3.main()
                .listObjectsV2Paginator(r -> r.bucket(bucket).delimiter("/").maxKeys(2))) {
            page.commonPrefixes().forEach(prefix -> seen.add(prefix.prefix()));
            page.contents().forEach(object -> seen.add(object.key()));
        }
        assertThat(seen).containsExactlyInAnyOrder("a", "b/", "b0", "c/", "d", "é", "\uD83D\uDE00");
    }
}
