package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** Ownership controls: whom objects belong to, and what becomes of access-control lists. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OwnershipTest {
    private GatewayFixture s3;
    private RawS3 raw;
    private String name;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        raw = s3.raw();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    @BeforeEach
    void newBucket() {
        name = s3.newBucket();
        bucket = "/" + name;
    }

    private RawS3.Answer control(final String ownership) {
        return raw.put(
                bucket + "?ownershipControls",
                "<OwnershipControls><Rule><ObjectOwnership>" + ownership
                        + "</ObjectOwnership></Rule></OwnershipControls>");
    }

    private String ownerOf(final String key) {
        return raw.get(bucket + "/" + key + "?acl").element("ID");
    }

    private RawS3.Answer byAlt(final String method, final String target, final String... headers) {
        return raw.send(TestSigner.ALT, method, target, new byte[0], headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"})
    void controlsAreSetReadAndRemoved(final String ownership) {
        assertThat(raw.get(bucket + "?ownershipControls").error()).isEqualTo("404 OwnershipControlsNotFoundError");
        assertThat(control(ownership).status()).isEqualTo(200);
        assertThat(raw.get(bucket + "?ownershipControls").element("ObjectOwnership"))
                .isEqualTo(ownership);
        assertThat(byAlt("GET", bucket + "?ownershipControls").error()).isEqualTo("403 AccessDenied");
        for (int i = 0; i < 2; i++) {
            assertThat(raw.call("DELETE", bucket + "?ownershipControls", "").status())
                    .isEqualTo(204);
        }
        assertThat(raw.get(bucket + "?ownershipControls").error()).isEqualTo("404 OwnershipControlsNotFoundError");
        assertThat(raw.put("/own-" + name, "", "x-amz-object-ownership", ownership)
                        .status())
                .isEqualTo(200);
        assertThat(raw.get("/own-" + name + "?ownershipControls").element("ObjectOwnership"))
                .isEqualTo(ownership);
        raw.call("DELETE", "/own-" + name, "");
    }

    @Test
    void whatIsNoOwnershipIsRefused() {
        assertThat(control("Mine").error()).isEqualTo("400 MalformedXML");
        assertThat(raw.put(bucket + "?ownershipControls", "<OwnershipControls/>")
                        .error())
                .isEqualTo("400 MalformedXML");
        assertThat(raw.put("/own-" + name, "", "x-amz-object-ownership", "Mine").error())
                .isEqualTo("400 InvalidArgument");
        assertThat(raw.put(
                                "/own-" + name,
                                "",
                                "x-amz-object-ownership",
                                "BucketOwnerEnforced",
                                "x-amz-acl",
                                "public-read")
                        .error())
                .isEqualTo("400 InvalidBucketAclWithObjectOwnership");
    }

    @Test
    void enforcedOwnershipPutsListsOutOfForce() {
        s3.main().putBucketAcl(r -> r.bucket(name).acl("public-read-write"));
        s3.alt().putObject(r -> r.bucket(name).key("by-alt"), RequestBody.fromString("x"));
        s3.main().putObject(r -> r.bucket(name).key("open").acl("public-read"), RequestBody.fromString("x"));
        assertThat(raw.get(bucket + "/by-alt").error()).isEqualTo("403 AccessDenied");
        assertThat(control("BucketOwnerEnforced").error()).isEqualTo("400 InvalidBucketAclWithObjectOwnership");
        s3.main().putBucketAcl(r -> r.bucket(name).acl("private"));
        assertThat(control("BucketOwnerEnforced").status()).isEqualTo(200);
        assertThat(raw.get(bucket + "/by-alt").text()).isEqualTo("x");
        assertThat(ownerOf("by-alt")).isEqualTo("main");
        assertThat(byAlt("GET", bucket + "/by-alt").error()).isEqualTo("403 AccessDenied");
        assertThat(raw.anonymous("GET", bucket + "/open", "").error()).isEqualTo("403 AccessDenied");
        for (final String target : new String[] {bucket + "?acl", bucket + "/open?acl"}) {
            assertThat(raw.put(target, "", "x-amz-acl", "private").error())
                    .isEqualTo("400 AccessControlListNotSupported");
        }
        assertThat(raw.put(bucket + "/k", "", "x-amz-acl", "private").error())
                .isEqualTo("400 AccessControlListNotSupported");
        assertThat(raw.put(bucket + "/k", "", "x-amz-grant-read", "id=alt").error())
                .isEqualTo("400 AccessControlListNotSupported");
        assertThat(raw.call("POST", bucket + "/k?uploads", "", "x-amz-acl", "private")
                        .error())
                .isEqualTo("400 AccessControlListNotSupported");
        assertThat(raw.put(bucket + "/k", "", "x-amz-acl", "bucket-owner-full-control")
                        .status())
                .isEqualTo(200);
        // the lists are as they were once they count again
        raw.call("DELETE", bucket + "?ownershipControls", "");
        assertThat(raw.anonymous("GET", bucket + "/open", "").status()).isEqualTo(200);
        assertThat(raw.get(bucket + "/by-alt").error()).isEqualTo("403 AccessDenied");
    }

    @Test
    void preferredOwnershipGoesByThePreset() {
        s3.main().putBucketAcl(r -> r.bucket(name).acl("public-read-write"));
        control("BucketOwnerPreferred");
        byAlt("PUT", bucket + "/given", "x-amz-acl", "bucket-owner-full-control");
        byAlt("PUT", bucket + "/kept");
        assertThat(ownerOf("given")).isEqualTo("main");
        assertThat(raw.get(bucket + "/kept?acl").error()).isEqualTo("403 AccessDenied");
        final String upload = byAlt("POST", bucket + "/parts?uploads", "x-amz-acl", "bucket-owner-full-control")
                .element("UploadId");
        assertThat(byAlt("PUT", bucket + "/parts?partNumber=1&uploadId=" + upload)
                        .status())
                .isEqualTo(200);
        control("ObjectWriter");
        byAlt("PUT", bucket + "/still-kept", "x-amz-acl", "bucket-owner-full-control");
        assertThat(ownerOf("still-kept")).isEqualTo("alt");
    }
}
