package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configuration that this server does not offer: reading it says what AWS says of a bucket without it, setting it is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NotConfiguredTest {
    private GatewayFixture s3;
    private RawS3 raw;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        raw = s3.raw();
        bucket = "/" + s3.newBucket();
        raw.put(bucket + "/k", "x");
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    @ParameterizedTest
    @CsvSource({
        "policy, NoSuchBucketPolicy",
        "policyStatus, NoSuchBucketPolicy",
        "cors, NoSuchCORSConfiguration",
        "lifecycle, NoSuchLifecycleConfiguration",
        "encryption, ServerSideEncryptionConfigurationNotFoundError",
        "object-lock, ObjectLockConfigurationNotFoundError",
        "website, NoSuchWebsiteConfiguration",
        "tagging, NoSuchTagSet",
        "publicAccessBlock, NoSuchPublicAccessBlockConfiguration",
        "ownershipControls, OwnershipControlsNotFoundError",
        "replication, ReplicationConfigurationNotFoundError",
        "analytics&id=a, NoSuchConfiguration",
        "inventory&id=a, NoSuchConfiguration",
        "metrics&id=a, NoSuchConfiguration",
        "intelligent-tiering&id=a, NoSuchConfiguration"
    })
    void whatIsNotSetIsNotFound(final String subResource, final String code) {
        final RawS3.Answer answer = raw.get(bucket + "?" + subResource);
        assertThat(answer.error()).isEqualTo("404 " + code);
        assertThat(answer.element("BucketName")).isEqualTo(bucket.substring(1));
        assertThat(raw.get("/nosuchbucket-" + bucket.substring(1, 10) + "?" + subResource)
                        .error())
                .isEqualTo("404 NoSuchBucket");
        assertThat(raw.anonymous("GET", bucket + "?" + subResource, "").error()).isEqualTo("403 AccessDenied");
    }

    @ParameterizedTest
    @CsvSource({
        "logging, BucketLoggingStatus",
        "notification, NotificationConfiguration",
        "accelerate, AccelerateConfiguration",
        "versioning, VersioningConfiguration",
        "analytics, ListBucketAnalyticsConfigurationResult",
        "inventory, ListInventoryConfigurationsResult",
        "metrics, ListMetricsConfigurationsResult"
    })
    void someConfigurationsAreEmptyDocuments(final String subResource, final String root) {
        final RawS3.Answer answer = raw.get(bucket + "?" + subResource);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("<" + root).doesNotContain("<Status>");
    }

    @Test
    void theOwnerPays() {
        assertThat(raw.get(bucket + "?requestPayment").element("Payer")).isEqualTo("BucketOwner");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy",
                "cors",
                "lifecycle",
                "encryption",
                "object-lock",
                "website",
                "logging",
                "notification",
                "replication",
                "requestPayment",
                "accelerate",
                "publicAccessBlock",
                "inventory&id=1",
                "analytics&id=1",
                "metrics&id=1",
                "intelligent-tiering&id=1"
            })
    void settingItIsRefused(final String subResource) {
        assertThat(raw.put(bucket + "?" + subResource, "<X/>").error()).isEqualTo("501 NotImplemented");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy",
                "cors",
                "lifecycle",
                "encryption",
                "website",
                "replication",
                "publicAccessBlock",
                "tagging"
            })
    void deletingWhatIsNotSetSucceeds(final String subResource) {
        assertThat(raw.call("DELETE", bucket + "?" + subResource, "").status()).isEqualTo(204);
        assertThat(raw.anonymous("DELETE", bucket + "?" + subResource, "").error())
                .isEqualTo("403 AccessDenied");
    }

    @ParameterizedTest
    @CsvSource({"POST, /k?select&select-type=2", "POST, /k?restore", "POST, ''", "GET, ?session", "PUT, /k?renameObject"
    })
    void operationsThatAreNotOfferedSaySo(final String method, final String target) {
        assertThat(raw.call(method, bucket + target, "").error()).isEqualTo("501 NotImplemented");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-amz-server-side-encryption",
                "x-amz-server-side-encryption-customer-algorithm",
                "x-amz-object-lock-mode",
                "x-amz-object-lock-legal-hold",
                "x-amz-write-offset-bytes"
            })
    void headersThatCannotBeHonouredAreRefused(final String header) {
        assertThat(raw.put(bucket + "/refused", "x", header, "v").error()).isEqualTo("501 NotImplemented");
        assertThat(raw.get(bucket + "/refused").error()).isEqualTo("404 NoSuchKey");
    }

    @Test
    void noKeyHasATorrent() {
        assertThat(raw.get(bucket + "/k?torrent").error()).isEqualTo("404 NoSuchKey");
    }

    @Test
    void noBucketHasObjectLock() {
        assertThat(raw.get(bucket + "/k?retention").error()).isEqualTo("400 InvalidRequest");
        assertThat(raw.put(bucket + "/k?legal-hold", "<LegalHold/>").error()).isEqualTo("400 InvalidRequest");
    }

    @Test
    void aBrowserThatAsksIsToldNo() {
        assertThat(raw.anonymous("OPTIONS", bucket + "/k", "").error()).isEqualTo("400 BadRequest");
        final RawS3.Answer preflight = raw.anonymous(
                "OPTIONS", bucket + "/k", "", "Origin", "https://a.example", "Access-Control-Request-Method", "PUT");
        assertThat(preflight.error()).isEqualTo("403 AccessForbidden");
        assertThat(preflight.element("Message")).isEqualTo("CORSResponse: CORS is not enabled for this bucket.");
    }

    @Test
    void methodsThatAResourceHasNot() {
        assertThat(raw.call("POST", bucket + "/k", "").error()).isEqualTo("405 MethodNotAllowed");
        assertThat(raw.call("PATCH", bucket + "/k", "").error()).isEqualTo("405 MethodNotAllowed");
        assertThat(raw.call("DELETE", "/", "").error()).isEqualTo("405 MethodNotAllowed");
    }

    @Test
    void theEllipticSignatureIsNotOffered() {
        assertThat(raw.put(bucket + "/k", "x", "x-amz-content-sha256", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")
                        .error())
                .isEqualTo("501 NotImplemented");
    }
}
