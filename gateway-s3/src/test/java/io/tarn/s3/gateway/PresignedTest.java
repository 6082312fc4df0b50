package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** URLs whose signer moved headers into the query: an operation sees them as if they had been sent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PresignedTest {
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

    private RawS3.Answer send(
            final String method,
            final String key,
            final String body,
            final Map<String, String> parameters,
            final String... headers) {
        final String target =
                TestSigner.MAIN.presign(method, "/" + bucket + "/" + key, raw.host(), parameters, Instant.now());
        return raw.anonymous(method, target, body, headers);
    }

    private RawS3.Answer head(final String key) {
        return raw.call("HEAD", "/" + bucket + "/" + key, "", "x-amz-checksum-mode", "ENABLED");
    }

    @Test
    void metadataTagsClassAndListOfAccessComeFromTheQuery() {
        final var put = send(
                "PUT",
                "described",
                "x",
                Map.of(
                        "x-amz-meta-colour", "blå",
                        "X-Amz-Meta-Shape", "round",
                        "x-amz-tagging", "a=1&b=2",
                        "x-amz-storage-class", "STANDARD_IA",
                        "x-amz-acl", "public-read",
                        "X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"));
        assertThat(put.status()).isEqualTo(200);
        final var head = head("described");
        assertThat(head.header("x-amz-meta-colour")).isEqualTo("=?UTF-8?B?YmzDpQ==?=");
        assertThat(head.header("x-amz-meta-shape")).isEqualTo("round");
        assertThat(head.header("x-amz-tagging-count")).isEqualTo("2");
        assertThat(head.header("x-amz-storage-class")).isEqualTo("STANDARD_IA");
        assertThat(raw.anonymous("GET", "/" + bucket + "/described", "").status())
                .isEqualTo(200);
    }

    @Test
    void aChecksumInTheQueryIsVerified() {
        final Map<String, String> sum =
                Map.of("x-amz-sdk-checksum-algorithm", "CRC32", "x-amz-checksum-crc32", "NSRBwg==");
        assertThat(send("PUT", "summed", "a", sum).error()).isEqualTo("400 BadDigest");
        assertThat(send("PUT", "summed", "abc", sum).status()).isEqualTo(200);
        assertThat(head("summed").header("x-amz-checksum-crc32")).isEqualTo("NSRBwg==");
    }

    @Test
    void whatIsNotOfferedIsRefusedThereToo() {
        assertThat(send("PUT", "sse", "x", Map.of("x-amz-server-side-encryption", "AES256"))
                        .error())
                .isEqualTo("501 NotImplemented");
    }

    @Test
    void conditionsOwnersAndCopySourcesCount() {
        raw.put("/" + bucket + "/source", "source");
        assertThat(send("GET", "source", "", Map.of("x-amz-expected-bucket-owner", "123456789012"))
                        .error())
                .isEqualTo("403 AccessDenied");
        final var copied = send("PUT", "copy", "", Map.of("x-amz-copy-source", "/" + bucket + "/source"));
        assertThat(copied.text()).contains("<CopyObjectResult");
        assertThat(raw.get("/" + bucket + "/copy").text()).isEqualTo("source");
    }

    @Test
    void aHeaderThatIsSentMustBeSigned() {
        assertThat(send("PUT", "extra", "x", Map.of(), "x-amz-acl", "public-read")
                        .error())
                .isEqualTo("403 AccessDenied");
    }

    @Test
    void aParameterIsNoHeaderWhereTheSignatureIsInAHeader() {
        raw.put("/" + bucket + "/plain?x-amz-meta-a=1", "x");
        assertThat(head("plain").headers()).doesNotContainKey("x-amz-meta-a");
    }

    @Test
    void theParametersAreUnderTheSignature() {
        final String target = TestSigner.MAIN.presign(
                "PUT", "/" + bucket + "/forged", raw.host(), Map.of("x-amz-acl", "private"), Instant.now());
        assertThat(raw.anonymous("PUT", target.replace("private", "public-read"), "x")
                        .error())
                .isEqualTo("403 SignatureDoesNotMatch");
    }

    @Test
    void thePresignerOfTheJavaSdkIsUnderstood() {
        try (S3Presigner presigner = S3Presigner.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(s3.mainKey())
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build()) {
            final var put = presigner.presignPutObject(
                    p -> p.signatureDuration(Duration.ofMinutes(5)).putObjectRequest(r -> r.bucket(bucket)
                            .key("java")
                            .acl(ObjectCannedACL.PUBLIC_READ)
                            .metadata(Map.of("who", "java"))
                            .tagging("t=1")));
            final var url = put.url();
            final String[] headers = put.signedHeaders().entrySet().stream()
                    .filter(header -> !header.getKey().equalsIgnoreCase("host"))
                    .flatMap(header -> header.getValue().stream()
                            .flatMap(value -> java.util.stream.Stream.of(header.getKey(), value)))
                    .toArray(String[]::new);
            assertThat(raw.anonymous("PUT", url.getPath() + "?" + url.getQuery(), "x", headers)
                            .status())
                    .isEqualTo(200);
            assertThat(head("java").header("x-amz-meta-who")).isEqualTo("java");
            assertThat(raw.anonymous("GET", "/" + bucket + "/java", "").text()).isEqualTo("x");
            final var get = presigner
                    .presignGetObject(p -> p.signatureDuration(Duration.ofMinutes(5))
                            .getObjectRequest(r -> r.bucket(bucket).key("java").responseContentType("text/x")))
                    .url();
            final var answer = raw.anonymous("GET", get.getPath() + "?" + get.getQuery(), "");
            assertThat(answer.text()).isEqualTo("x");
            assertThat(answer.header("content-type")).isEqualTo("text/x");
        }
    }
}
