package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on buckets, request by request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BucketApiTest {
    private GatewayFixture s3;
    private RawS3 raw;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        raw = s3.raw();
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    private static String name() {
        return "b-" + UUID.randomUUID();
    }

    private static String location(final String constraint) {
        return "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>"
                + constraint + "</LocationConstraint></CreateBucketConfiguration>";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "Upper",
                "under_score",
                "192.168.5.4",
                "-begins",
                "ends-",
                "two..dots",
                "dot-.dash",
                "xn--puny",
                "sthree-x",
                "alias-s3alias",
                "lake--ol-s3",
                "a123456789012345678901234567890123456789012345678901234567890123"
            })
    void namesAgainstTheRulesAreRefused(final String name) {
        assertThat(raw.put("/" + name, "").error()).isEqualTo("400 InvalidBucketName");
    }

    @Test
    void aBucketIsMadeOnce() {
        final String name = "/" + name();
        assertThat(raw.put(name, "").header("location")).isEqualTo(name);
        assertThat(raw.put(name, "").status())
                .as("again, by the owner, in us-east-1")
                .isEqualTo(200);
        assertThat(raw.send(TestSigner.ALT, "PUT", name, new byte[0]).error()).isEqualTo("409 BucketAlreadyExists");
        assertThat(raw.anonymous("PUT", "/" + name(), "").error()).isEqualTo("403 AccessDenied");
    }

    @Test
    void locationsAreCheckedKeptAndGivenBack() {
        final String labelled = "/" + name();
        assertThat(raw.put(labelled, location("cellar")).status()).isEqualTo(200);
        assertThat(raw.get(labelled + "?location").text()).contains(">cellar</LocationConstraint>");
        final String plain = "/" + name();
        assertThat(raw.put(plain, location("us-east-1")).status()).isEqualTo(200);
        assertThat(raw.get(plain + "?location").text())
                .contains("<LocationConstraint")
                .doesNotContain("us-east-1");
        final String other = "/" + name();
        assertThat(raw.put(other, location("eu-west-1")).error()).isEqualTo("400 IllegalLocationConstraintException");
        assertThat(raw.put(other, location("not valid!")).error()).isEqualTo("400 InvalidLocationConstraint");
        assertThat(raw.put(other, "<CreateBucketConfiguration>").error()).isEqualTo("400 MalformedXML");
        assertThat(raw.put(other, "<Other/>").error()).isEqualTo("400 MalformedXML");
        assertThat(raw.call("HEAD", other, "").status()).isEqualTo(404);
    }

    @Test
    void headsHaveNoBody() {
        final String name = "/" + name();
        raw.put(name, "");
        final RawS3.Answer head = raw.call("HEAD", name, "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("x-amz-bucket-region")).isEqualTo("us-east-1");
        assertThat(raw.call("HEAD", "/" + name(), "").status()).isEqualTo(404);
        assertThat(raw.anonymous("HEAD", name, "").status()).isEqualTo(403);
    }

    @Test
    void onlyEmptyBucketsAreDeleted() {
        final String name = "/" + name();
        raw.put(name, "");
        raw.put(name + "/k", "x");
        final RawS3.Answer refused = raw.call("DELETE", name, "");
        assertThat(refused.error()).isEqualTo("409 BucketNotEmpty");
        raw.call("DELETE", name + "/k", "");
        assertThat(raw.call("DELETE", name, "").status()).isEqualTo(204);
        assertThat(raw.call("DELETE", name, "").error()).isEqualTo("404 NoSuchBucket");
        assertThat(raw.get(name).error()).isEqualTo("404 NoSuchBucket");
        assertThat(raw.put(name + "/k", "x").error()).isEqualTo("404 NoSuchBucket");
    }

    @Test
    void theExpectedOwnerMustBeTheOwner() {
        final String name = "/" + name();
        raw.put(name, "");
        for (final String target : new String[] {name, name + "?location", name + "?versioning", name + "/k"}) {
            assertThat(raw.get(target, "x-amz-expected-bucket-owner", "111122223333")
                            .error())
                    .as(target)
                    .isEqualTo("403 AccessDenied");
        }
        assertThat(raw.get(name, "x-amz-expected-bucket-owner", "main").status())
                .isEqualTo(200);
        assertThat(raw.get(name, "x-amz-request-payer", "requester").status()).isEqualTo(200);
        assertThat(raw.put(name + "/k", "x", "x-amz-expected-bucket-owner", "111122223333")
                        .error())
                .isEqualTo("403 AccessDenied");
        raw.put(name + "/k", "x");
        assertThat(raw.put(
                                name + "/copy",
                                "",
                                "x-amz-copy-source",
                                name + "/k",
                                "x-amz-source-expected-bucket-owner",
                                "111122223333")
                        .error())
                .isEqualTo("403 AccessDenied");
    }

    @Test
    void bucketsAreListedByPrefixAndInPages() {
        final String prefix = "p" + UUID.randomUUID().toString().substring(0, 8) + "-";
        for (final String last : new String[] {"c", "a", "b"}) {
            raw.put("/" + prefix + last, "");
        }
        final RawS3.Answer first = raw.get("/?prefix=" + prefix + "&max-buckets=2");
        assertThat(RawS3.elements(first.text(), "Name")).containsExactly(prefix + "a", prefix + "b");
        assertThat(first.element("Prefix")).isEqualTo(prefix);
        final RawS3.Answer second = raw.get("/?prefix=" + prefix + "&max-buckets=2&continuation-token="
                + TestSigner.coded(first.element("ContinuationToken")));
        assertThat(RawS3.elements(second.text(), "Name")).containsExactly(prefix + "c");
        assertThat(second.text()).doesNotContain("ContinuationToken");
        assertThat(raw.get("/?bucket-region=eu-west-1").text()).doesNotContain("<Bucket>");
        assertThat(raw.get("/?max-buckets=0").error()).isEqualTo("400 InvalidArgument");
        assertThat(raw.get("/?max-buckets=10001").error()).isEqualTo("400 InvalidArgument");
        assertThat(raw.get("/?continuation-token=%21").error()).isEqualTo("400 InvalidArgument");
    }

    @Test
    void versioningIsEnabledOrSuspended() {
        final String name = "/" + name();
        raw.put(name, "");
        final String target = name + "?versioning";
        assertThat(raw.put(target, "<VersioningConfiguration/>").error())
                .isEqualTo("400 IllegalVersioningConfigurationException");
        assertThat(raw.put(target, "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>")
                        .error())
                .isEqualTo("400 MalformedXML");
        assertThat(raw.put(target, "").status()).isEqualTo(400);
        assertThat(raw.put(target, "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>")
                        .status())
                .isEqualTo(200);
        assertThat(raw.get(target).element("Status")).isEqualTo("Suspended");
    }

    @Test
    void tagsOfABucket() {
        final String name = "/" + name();
        raw.put(name, "");
        final String tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>";
        assertThat(raw.put(name + "?tagging", tags).status()).isIn(200, 204);
        assertThat(raw.get(name + "?tagging").element("Value")).isEqualTo("1");
        assertThat(raw.put(name + "?tagging", tags.replace("<Key>a", "<Key>aws:a"))
                        .error())
                .isEqualTo("400 InvalidTag");
        assertThat(raw.call("DELETE", name + "?tagging", "").status()).isEqualTo(204);
        assertThat(raw.get(name + "?tagging").error()).isEqualTo("404 NoSuchTagSet");
    }

    @Test
    void bucketsMayStandInTheHost() {
        final String name = name();
        final String host = name + ".s3.example.com";
        assertThat(raw.put("/", "", "Host", host).status()).isEqualTo(200);
        assertThat(raw.put("/deep/k%20ey", "hosted", "Host", host + ":9000").status())
                .isEqualTo(200);
        assertThat(raw.get("/" + name + "/deep/k%20ey").text()).isEqualTo("hosted");
        assertThat(raw.get("/deep/k%20ey", "Host", host.toUpperCase(java.util.Locale.ROOT))
                        .text())
                .isEqualTo("hosted");
        assertThat(raw.get("/?list-type=2&prefix=deep%2F", "Host", host).element("Key"))
                .isEqualTo("deep/k ey");
        assertThat(raw.get("/", "Host", "s3.example.com").text()).contains("<Name>" + name + "</Name>");
        assertThat(raw.call("DELETE", "/deep/k%20ey", "", "Host", host).status())
                .isEqualTo(204);
        assertThat(raw.call("DELETE", "/", "", "Host", host).status()).isEqualTo(204);
        assertThat(raw.get("/", "Host", host).error()).isEqualTo("404 NoSuchBucket");
    }

    @Test
    void aWrongRegionIsNamed() {
        final var elsewhere = new TestSigner("MAINKEY0000000000000", "mainsecretmainsecretmainsecret", "eu-west-1");
        final RawS3.Answer answer = raw.send(elsewhere, "GET", "/", new byte[0]);
        assertThat(answer.error()).isEqualTo("400 AuthorizationHeaderMalformed");
        assertThat(answer.element("Region")).isEqualTo("us-east-1");
        final var unknown = new TestSigner("NOSUCHKEY", "x", "us-east-1");
        assertThat(raw.send(unknown, "GET", "/", new byte[0]).error()).isEqualTo("403 InvalidAccessKeyId");
        final var wrong = new TestSigner("MAINKEY0000000000000", "wrong", "us-east-1");
        assertThat(raw.send(wrong, "GET", "/", new byte[0]).error()).isEqualTo("403 SignatureDoesNotMatch");
    }
}
