package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Type;

/** Without a grant nobody but the owner gets at a bucket: not users of the same tenant, not of another, not the anonymous. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessTest {
    private GatewayFixture s3;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    @BeforeEach
    void bucket() {
        bucket = s3.newBucket();
        s3.main().putObject(r -> r.bucket(bucket).key("k"), RequestBody.fromString("secret"));
    }

    private static void denied(final Runnable action) {
        assertThatThrownBy(action::run).isInstanceOfSatisfying(S3Exception.class, error -> assertThat(
                        error.awsErrorDetails().errorCode())
                .isEqualTo("AccessDenied"));
    }

    @Test
    void othersAreKeptOut() {
        for (S3Client other : new S3Client[] {s3.alt(), s3.tenant(), s3.anonymous()}) {
            denied(() -> other.getObjectAsBytes(r -> r.bucket(bucket).key("k")));
            denied(() -> other.getObjectAsBytes(r -> r.bucket(bucket).key("absent")));
            denied(() -> other.listObjectsV2(r -> r.bucket(bucket)));
            denied(() -> other.putObject(r -> r.bucket(bucket).key("n"), RequestBody.fromString("x")));
            denied(() -> other.deleteObject(r -> r.bucket(bucket).key("k")));
            denied(() -> other.getBucketAcl(r -> r.bucket(bucket)));
            denied(() -> other.deleteBucket(r -> r.bucket(bucket)));
        }
    }

    @Test
    void aCopyFromAnothersBucketNeedsTheRightToRead() {
        String own = "b-" + java.util.UUID.randomUUID();
        s3.tenant().createBucket(r -> r.bucket(own));
        denied(() -> s3.tenant().copyObject(r -> r.sourceBucket(bucket)
                .sourceKey("k")
                .destinationBucket(own)
                .destinationKey("stolen")));
    }

    @Test
    void bucketsAreListedToTheirOwnerOnly() {
        assertThat(s3.main().listBuckets().buckets()).anyMatch(b -> b.name().equals(bucket));
        assertThat(s3.alt().listBuckets().buckets()).noneMatch(b -> b.name().equals(bucket));
        assertThat(s3.tenant().listBuckets().buckets()).noneMatch(b -> b.name().equals(bucket));
    }

    @Test
    void cannedListsOpenWhatTheySay() {
        s3.main().putObjectAcl(r -> r.bucket(bucket).key("k").acl(ObjectCannedACL.PUBLIC_READ));
        assertThat(s3.anonymous()
                        .getObjectAsBytes(r -> r.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("secret");
        s3.main().putObjectAcl(r -> r.bucket(bucket).key("k").acl(ObjectCannedACL.AUTHENTICATED_READ));
        denied(() -> s3.anonymous().getObjectAsBytes(r -> r.bucket(bucket).key("k")));
        assertThat(s3.tenant().getObjectAsBytes(r -> r.bucket(bucket).key("k")).asUtf8String())
                .isEqualTo("secret");
        s3.main().putBucketAcl(r -> r.bucket(bucket).acl(BucketCannedACL.PUBLIC_READ_WRITE));
        s3.alt().putObject(r -> r.bucket(bucket).key("by-alt"), RequestBody.fromString("x"));
        assertThat(s3.anonymous().listObjects(r -> r.bucket(bucket)).contents()).hasSize(2);
    }

    @Test
    void aGrantNamesOneUserOfOneTenant() {
        var grant = Grant.builder()
                .grantee(g -> g.type(Type.CANONICAL_USER).id("t2$tenant"))
                .permission(Permission.READ)
                .build();
        s3.main().putObjectAcl(r -> r.bucket(bucket).key("k").accessControlPolicy(p -> p.grants(grant)
                .owner(o -> o.id("main"))));
        assertThat(s3.tenant().getObjectAsBytes(r -> r.bucket(bucket).key("k")).asUtf8String())
                .isEqualTo("secret");
        denied(() -> s3.alt().getObjectAsBytes(r -> r.bucket(bucket).key("k")));
        assertThat(s3.main().getObjectAcl(r -> r.bucket(bucket).key("k")).grants())
                .singleElement()
                .satisfies(g -> assertThat(g.grantee().id()).isEqualTo("t2$tenant"));
    }
}
