package io.tarn.bench.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html that sign our headers. */
class SigV4SignerTest {
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SigV4Signer signer = new SigV4Signer(
            new Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"),
            "examplebucket.s3.amazonaws.com",
            InstantSource.fixed(Instant.parse("2013-05-24T00:00:00Z")));

    @Test
    void signsListObjectsAsPublished() {
        final SigV4Signer.Signature signature = signer.sign("GET", "/", "max-keys=2&prefix=J", EMPTY_SHA256);
        assertThat(signature.amzDate()).isEqualTo("20130524T000000Z");
        assertThat(signature.authorization())
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host;x-amz-content-sha256;x-amz-date,"
                        + "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    @Test
    void signsGetLifecycleAsPublishedAlsoAfterAnotherRequest() {
        signer.sign("GET", "/", "", EMPTY_SHA256);
        assertThat(signer.sign("GET", "/", "lifecycle=", EMPTY_SHA256).authorization())
                .endsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    }
}
