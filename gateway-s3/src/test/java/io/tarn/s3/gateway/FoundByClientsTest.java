package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What driving the gateway with real clients, and with requests that none of them sends, brought to light. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FoundByClientsTest {
    private GatewayFixture s3;
    private RawS3 raw;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        raw = s3.raw();
        bucket = "/" + s3.newBucket();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    /** MinIO's clients send it so for streams whose length they do not know. */
    @Test
    void theChecksumOfChecksumsMayComeWithoutTheNumberOfParts() {
        final String key = bucket + "/streamed";
        final String upload = raw.call("POST", key + "?uploads", "", "x-amz-checksum-algorithm", "CRC32")
                .element("UploadId");
        final String etag = raw.put(key + "?partNumber=1&uploadId=" + upload, "abc", "x-amz-checksum-crc32", "NSRBwg==")
                .header("etag");
        final String document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                + "</ETag><ChecksumCRC32>NSRBwg==</ChecksumCRC32></Part></CompleteMultipartUpload>";
        final String target = key + "?uploadId=" + upload;
        assertThat(raw.call("POST", target, document, "x-amz-checksum-crc32", "NSRBwg==")
                        .error())
                .isEqualTo("400 BadDigest");
        // the CRC-32 of the four bytes of the part's
        final String ofChecksums = "Rf3kaw==";
        final RawS3.Answer done = raw.call("POST", target, document, "x-amz-checksum-crc32", ofChecksums);
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.element("ChecksumCRC32")).isEqualTo(ofChecksums + "-1");
    }

    @Test
    void aPartThatNamesNoUploadDoesNotReplaceTheObject() {
        raw.put(bucket + "/whole", "whole");
        assertThat(raw.put(bucket + "/whole?partNumber=1", "part").error()).isEqualTo("400 InvalidArgument");
        assertThat(raw.get(bucket + "/whole").text()).isEqualTo("whole");
    }

    @Test
    void anOverrideThatNoHeaderCanHoldIsRefused() {
        raw.put(bucket + "/named", "x");
        final String latin =
                raw.get(bucket + "/named?response-content-disposition=a%C3%BC").header("content-disposition");
        assertThat(latin).isEqualTo("a\u00fc");
        final RawS3.Answer lossy = raw.get(bucket + "/named?response-content-disposition=a%E4%B8%AD");
        assertThat(lossy.error()).isEqualTo("400 InvalidArgument");
        assertThat(lossy.element("Message")).isEqualTo("Header value cannot be represented using ISO-8859-1.");
    }

    @Test
    void aDeleteMarkerIsNoSourceOfACopy() {
        final String versioned = "/" + s3.newBucket();
        raw.put(
                versioned + "?versioning",
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        raw.put(versioned + "/k", "x");
        final String marker = raw.call("DELETE", versioned + "/k", "").header("x-amz-version-id");
        final RawS3.Answer copy =
                raw.put(versioned + "/copy", "", "x-amz-copy-source", versioned + "/k?versionId=" + marker);
        assertThat(copy.error()).isEqualTo("400 InvalidRequest");
        assertThat(copy.element("Message"))
                .isEqualTo("The source of a copy request may not specifically refer to a delete marker by version id.");
        assertThat(raw.put(versioned + "/copy", "", "x-amz-copy-source", versioned + "/k")
                        .error())
                .isEqualTo("404 NoSuchKey");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/UPPER", "/ab", "/under_score", "/a..b", "/192.168.1.1"})
    void aNameThatNoBucketCanHaveIsSaidToBeInvalid(final String name) {
        assertThat(raw.get(name).error()).isEqualTo("400 InvalidBucketName");
        assertThat(raw.call("HEAD", name, "").status()).isEqualTo(400);
        assertThat(raw.get("/no-such-bucket-here").error()).isEqualTo("404 NoSuchBucket");
    }

    @Test
    void serverTimesAreGivenInSeconds() {
        final RawS3.Answer skewed = raw.exchangeUnsigned(
                "GET",
                bucket + "/k",
                TestSigner.MAIN.sign(
                        "GET",
                        bucket + "/k",
                        raw.host(),
                        java.util.List.of(),
                        new byte[0],
                        java.time.Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(skewed.error()).isEqualTo("403 RequestTimeTooSkewed");
        assertThat(skewed.element("ServerTime")).hasSize("2020-01-01T00:00:00Z".length());
    }

    @Test
    void contentDispositionKeepsItsBytes() {
        final String utf8 = new String("filename=\"中\"".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        raw.put(bucket + "/disposed", "x", "Content-Disposition", utf8);
        assertThat(raw.get(bucket + "/disposed").header("content-disposition")).isEqualTo(utf8);
    }
}
