package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading, writing, copying and deleting objects: headers and errors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ObjectApiTest {
    private static final String DIGITS = "0123456789";

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
        "bytes=0-3, 206, 0123, bytes 0-3/10",
        "bytes=7-, 206, 789, bytes 7-9/10",
        "bytes=-2, 206, 89, bytes 8-9/10",
        "bytes=-100, 206, 0123456789, bytes 0-9/10",
        "bytes=9-100, 206, 9, bytes 9-9/10",
        "'bytes=0-1,4-5', 200, 0123456789, ''",
        "bytes=5-2, 200, 0123456789, ''",
        "bits=0-1, 200, 0123456789, ''",
        "bytes=a-b, 200, 0123456789, ''"
    })
    void rangesAreServed(final String range, final int status, final String body, final String contentRange) {
        for (final String method : new String[] {"GET", "HEAD"}) {
            final RawS3.Answer answer = raw.call(method, bucket + "/digits", "", "Range", range);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("content-range")).isEqualTo(contentRange);
            assertThat(answer.header("content-length")).isEqualTo(String.valueOf(body.length()));
            assertThat(answer.text()).isEqualTo(method.equals("GET") ? body : "");
        }
    }

    @ParameterizedTest
    @CsvSource({"digits, bytes=10-", "digits, bytes=-0", "digits, bytes=99-100", "empty, bytes=0-", "empty, bytes=-1"})
    void rangesOutsideAreRefused(final String key, final String range) {
        final RawS3.Answer answer = raw.get(bucket + "/" + key, "Range", range);
        assertThat(answer.error()).isEqualTo("416 InvalidRange");
        assertThat(answer.element("ActualObjectSize")).isEqualTo(key.equals("empty") ? "0" : "10");
        assertThat(raw.call("HEAD", bucket + "/" + key, "", "Range", range).status())
                .isEqualTo(416);
    }

    @Test
    void copiesTakeOrReplaceWhatDescribesThem() {
        final String source = bucket + "/described";
        raw.put(
                source,
                "x",
                "x-amz-meta-a",
                "1",
                "Content-Type",
                "text/a",
                "x-amz-tagging",
                "t=1",
                "x-amz-storage-class",
                "STANDARD_IA",
                "x-amz-website-redirect-location",
                "/elsewhere");
        raw.put(bucket + "/copied", "", "x-amz-copy-source", source);
        RawS3.Answer copy = raw.get(bucket + "/copied");
        assertThat(copy.header("x-amz-meta-a")).isEqualTo("1");
        assertThat(copy.header("content-type")).isEqualTo("text/a");
        assertThat(copy.header("x-amz-tagging-count")).isEqualTo("1");
        assertThat(copy.headers()).doesNotContainKeys("x-amz-storage-class", "x-amz-website-redirect-location");
        raw.put(
                bucket + "/copied",
                "",
                "x-amz-copy-source",
                source,
                "x-amz-metadata-directive",
                "REPLACE",
                "x-amz-tagging-directive",
                "REPLACE",
                "x-amz-meta-b",
                "2");
        copy = raw.get(bucket + "/copied");
        assertThat(copy.header("x-amz-meta-b")).isEqualTo("2");
        assertThat(copy.headers()).doesNotContainKeys("x-amz-meta-a", "x-amz-tagging-count");
        assertThat(raw.put(bucket + "/copied", "", "x-amz-copy-source", source, "x-amz-metadata-directive", "MOVE")
                        .error())
                .isEqualTo("400 InvalidArgument");
        assertThat(raw.put(source, "", "x-amz-copy-source", source).error()).isEqualTo("400 InvalidRequest");
        assertThat(raw.put(bucket + "/c", "", "x-amz-copy-source", "nokey").error())
                .isEqualTo("400 InvalidArgument");
        assertThat(raw.put(bucket + "/c", "", "x-amz-copy-source", bucket + "/absent")
                        .error())
                .isEqualTo("404 NoSuchKey");
        assertThat(raw.put(bucket + "/c", "", "x-amz-copy-source", "/nosuchbucket-x/k")
                        .error())
                .isEqualTo("404 NoSuchBucket");
        assertThat(raw.put(bucket + "/c", "", "x-amz-copy-source", source + "?versionId=00000000000000ff")
                        .error())
                .isEqualTo("404 NoSuchVersion");
    }

    @Test
    void overridesNeedASignature() {
        s3.main().putObjectAcl(r -> r.bucket(bucket.substring(1)).key("digits").acl("public-read"));
        final String target = bucket + "/digits?response-content-type=text%2Fx&response-cache-control=no-cache"
                + "&response-content-disposition=attachment&response-content-encoding=x&response-content-language=da"
                + "&response-expires=never";
        final RawS3.Answer answer = raw.get(target);
        assertThat(answer.header("content-type")).isEqualTo("text/x");
        assertThat(answer.header("cache-control")).isEqualTo("no-cache");
        assertThat(answer.header("content-disposition")).isEqualTo("attachment");
        assertThat(answer.header("content-encoding")).isEqualTo("x");
        assertThat(answer.header("content-language")).isEqualTo("da");
        assertThat(answer.header("expires")).isEqualTo("never");
        assertThat(raw.anonymous("GET", target, "").error()).isEqualTo("400 InvalidRequest");
        assertThat(raw.get(bucket + "/digits?response-content-type=a%0D%0Ab").error())
                .isEqualTo("400 InvalidArgument");
    }

    @Test
    void digestsAreHeldAgainstTheBody() {
        final String target = bucket + "/digest";
        assertThat(raw.put(target, "x", "Content-MD5", "not base64").error()).isEqualTo("400 InvalidDigest");
        assertThat(raw.put(target, "x", "Content-MD5", "AAAA").error()).isEqualTo("400 InvalidDigest");
        assertThat(raw.put(target, "x", "Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")
                        .error())
                .isEqualTo("400 BadDigest");
        assertThat(raw.put(target, "x", "x-amz-content-sha256", "0".repeat(64)).error())
                .isEqualTo("400 XAmzContentSHA256Mismatch");
        assertThat(raw.put(target, "x", "x-amz-content-sha256", "short").error())
                .isEqualTo("400 InvalidArgument");
        assertThat(raw.put(target, "x", "x-amz-checksum-crc32", "AAAAAA==").error())
                .isEqualTo("400 BadDigest");
        assertThat(raw.put(target, "x", "x-amz-sdk-checksum-algorithm", "CRC32").error())
                .as("an algorithm and no value")
                .isEqualTo("400 InvalidRequest");
        assertThat(raw.put(target, "x", "x-amz-sdk-checksum-algorithm", "MD6").error())
                .isEqualTo("400 InvalidRequest");
        assertThat(raw.put(
                                target,
                                "x",
                                "x-amz-checksum-crc32",
                                "AAAAAA==",
                                "x-amz-checksum-sha1",
                                "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                        .error())
                .isEqualTo("400 InvalidRequest");
        assertThat(raw.put(
                                target,
                                "1\r\nx\r\n0\r\n\r\n",
                                "x-amz-content-sha256",
                                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                                "Content-Encoding",
                                "aws-chunked")
                        .error())
                .isEqualTo("411 MissingContentLength");
        assertThat(raw.get(target).error()).isEqualTo("404 NoSuchKey");
    }

    @Test
    void metadataHasALimitAndAnyScript() {
        final String target = bucket + "/meta";
        assertThat(raw.put(target, "x", "x-amz-meta-a", "v".repeat(2047)).status())
                .isEqualTo(200);
        assertThat(raw.put(target, "x", "x-amz-meta-a", "v".repeat(2048)).error())
                .isEqualTo("400 MetadataTooLarge");
        raw.put(target, "x", "x-amz-meta-word", "=?UTF-8?Q?caf=C3=A9?=", "X-Amz-Meta-UPPER", "Kept");
        final RawS3.Answer head = raw.call("HEAD", target, "");
        assertThat(head.header("x-amz-meta-word")).isEqualTo("=?UTF-8?B?Y2Fmw6k=?=");
        assertThat(head.header("x-amz-meta-upper")).isEqualTo("Kept");
    }

    @Test
    void redirectionsAreUrlsOrPaths() {
        final String target = bucket + "/redirected";
        final String header = "x-amz-website-redirect-location";
        assertThat(raw.put(target, "x", header, "elsewhere").error()).isEqualTo("400 InvalidRedirectLocation");
        raw.put(target, "x", header, "https://a.example/");
        assertThat(raw.call("HEAD", target, "").header(header)).isEqualTo("https://a.example/");
    }

    @Test
    void tagsHaveLimits() {
        final String target = bucket + "/tags";
        raw.put(target, "x");
        final var eleven = new StringBuilder();
        for (int i = 0; i < 11; i++) {
            eleven.append(i == 0 ? "" : "&").append("k").append(i).append("=v");
        }
        assertThat(raw.put(target, "x", "x-amz-tagging", eleven.toString()).error())
                .isEqualTo("400 InvalidTag");
        assertThat(raw.put(target, "x", "x-amz-tagging", "a=1&a=2").status()).isEqualTo(400);
        assertThat(raw.put(target, "x", "x-amz-tagging", "k".repeat(128) + "=" + "v".repeat(256))
                        .status())
                .isEqualTo(200);
        assertThat(raw.put(target, "x", "x-amz-tagging", "k".repeat(129) + "=v").error())
                .isEqualTo("400 InvalidTag");
        assertThat(raw.put(target, "x", "x-amz-tagging", "k=" + "v".repeat(257)).error())
                .isEqualTo("400 InvalidTag");
        assertThat(raw.put(target, "x", "x-amz-tagging", "aws:k=v").error()).isEqualTo("400 InvalidTag");
        assertThat(raw.put(target, "x", "x-amz-tagging", "k=%3C").error()).isEqualTo("400 InvalidTag");
        assertThat(raw.put(target + "?tagging", "<Tagging><TagSet>").error()).isEqualTo("400 MalformedXML");
        assertThat(raw.put(bucket + "/absent?tagging", "<Tagging><TagSet/></Tagging>")
                        .error())
                .isEqualTo("404 NoSuchKey");
    }

    @Test
    void keysHaveALimitOfBytes() {
        assertThat(raw.put(bucket + "/" + "k".repeat(1024), "x").status()).isEqualTo(200);
        assertThat(raw.put(bucket + "/" + "k".repeat(1025), "x").error()).isEqualTo("400 KeyTooLongError");
        assertThat(raw.put(bucket + "/" + "%C3%A9".repeat(512), "x").status()).isEqualTo(200);
        assertThat(raw.put(bucket + "/" + "%C3%A9".repeat(513), "x").error()).isEqualTo("400 KeyTooLongError");
    }

    @Test
    void lengthsAreNeededAndMustHold() {
        assertThat(raw.anonymous("PUT", bucket + "/k", "", "Content-Length", "").status())
                .isEqualTo(400);
        final RawS3.Answer large = raw.put(
                bucket + "/k",
                "",
                "Content-Length",
                String.valueOf(6L << 30),
                "Expect",
                "100-continue",
                "x-amz-content-sha256",
                "UNSIGNED-PAYLOAD");
        assertThat(large.error()).isEqualTo("400 EntityTooLarge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STANDARD_IA", "GLACIER", "DEEP_ARCHIVE", "INTELLIGENT_TIERING", "REDUCED_REDUNDANCY"})
    void storageClassesAreGivenBack(final String name) {
        raw.put(bucket + "/class", "x", "x-amz-storage-class", name);
        assertThat(raw.call("HEAD", bucket + "/class", "").header("x-amz-storage-class"))
                .isEqualTo(name);
        assertThat(raw.get(bucket + "?prefix=class").element("StorageClass")).isEqualTo(name);
        assertThat(raw.put(bucket + "/class", "x", "x-amz-storage-class", "GOLD")
                        .error())
                .isEqualTo("400 InvalidStorageClass");
    }

    @Test
    void partsAndRangesExcludeEachOther() {
        assertThat(raw.get(bucket + "/digits?partNumber=1", "Range", "bytes=0-1")
                        .error())
                .isEqualTo("400 InvalidRequest");
        assertThat(raw.get(bucket + "/digits?partNumber=1").text()).isEqualTo(DIGITS);
        assertThat(raw.get(bucket + "/digits?partNumber=0").error()).isEqualTo("400 InvalidArgument");
        assertThat(raw.get(bucket + "/digits?partNumber=x").error()).isEqualTo("400 InvalidArgument");
        assertThat(raw.get(bucket + "/digits?partNumber=2").status()).isIn(400, 416);
    }

    @Test
    void keysOfCustomersDoNotFit() {
        assertThat(raw.get(bucket + "/digits", "x-amz-server-side-encryption-customer-algorithm", "AES256")
                        .error())
                .isEqualTo("400 InvalidRequest");
    }

    @Test
    void errorsOfHeadsHaveNoBody() {
        final RawS3.Answer absent = raw.call("HEAD", bucket + "/absent", "");
        assertThat(absent.status()).isEqualTo(404);
        assertThat(absent.body()).isEmpty();
        assertThat(absent.header("x-amz-request-id")).isNotBlank();
    }

    @Test
    void errorsNameWhatTheyAreAbout() {
        final RawS3.Answer absent = raw.get(bucket + "/absent");
        assertThat(absent.element("Key")).isEqualTo("absent");
        assertThat(absent.element("Resource")).isEqualTo(bucket + "/absent");
        assertThat(absent.element("RequestId")).isEqualTo(absent.header("x-amz-request-id"));
        assertThat(absent.element("HostId")).isEqualTo(absent.header("x-amz-id-2"));
    }

    @Test
    void deletionsAreNeverMissing() {
        assertThat(raw.call("DELETE", bucket + "/absent", "").status()).isEqualTo(204);
        assertThat(raw.call("DELETE", bucket + "/absent", "", "x-amz-bypass-governance-retention", "true")
                        .status())
                .isEqualTo(204);
        assertThat(raw.call("DELETE", bucket + "/k?versionId=", "").error()).isEqualTo("400 InvalidArgument");
    }

    @Test
    void severalAreDeletedAtOnce() {
        raw.put(bucket + "/m1", "x");
        raw.put(bucket + "/m2", "x");
        final String etag = raw.get(bucket + "/m2").header("etag");
        final RawS3.Answer deleted = raw.deleteObjects(
                bucket,
                "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>m1</Key></Object>"
                        + "<Object><Key>m2</Key><ETag>\"no\"</ETag></Object>"
                        + "<Object><Key>absent &amp; &lt;odd&gt;</Key></Object></Delete>");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(RawS3.elements(deleted.text(), "Deleted"))
                .containsExactly("<Key>m1</Key>", "<Key>absent &amp; &lt;odd&gt;</Key>");
        assertThat(deleted.element("Error")).contains("<Key>m2</Key>", "<Code>PreconditionFailed</Code>");
        final RawS3.Answer quiet = raw.deleteObjects(
                bucket, "<Delete><Quiet>true</Quiet><Object><Key>m2</Key><ETag>" + etag + "</ETag></Object></Delete>");
        assertThat(quiet.text()).doesNotContain("<Deleted>").doesNotContain("<Error>");
        assertThat(raw.get(bucket + "/m2").error()).isEqualTo("404 NoSuchKey");
        for (final String malformed :
                new String[] {"", "<Delete/>", "<Delete><Object/></Delete>", "<!DOCTYPE x><Delete/>"}) {
            assertThat(raw.deleteObjects(bucket, malformed).error())
                    .as(malformed)
                    .isIn("400 MalformedXML", "400 MissingRequestBodyError");
        }
        final String tooMany = "<Delete>" + "<Object><Key>k</Key></Object>".repeat(1001) + "</Delete>";
        assertThat(raw.deleteObjects(bucket, tooMany).error()).isEqualTo("400 MalformedXML");
    }

    @Test
    void severalAreDeletedOnlyUnderADigest() {
        final String document = "<Delete><Object><Key>guarded</Key></Object></Delete>";
        raw.put(bucket + "/guarded", "x");
        final RawS3.Answer without = raw.call("POST", bucket + "?delete", document);
        assertThat(without.error()).isEqualTo("400 InvalidRequest");
        assertThat(without.element("Message"))
                .isEqualTo("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        assertThat(raw.call("POST", bucket + "?delete", document, "Content-MD5", RawS3.md5("other"))
                        .error())
                .isEqualTo("400 BadDigest");
        assertThat(raw.call("POST", bucket + "?delete", document, "x-amz-checksum-crc32", "AAAAAA==")
                        .error())
                .isEqualTo("400 BadDigest");
        assertThat(raw.get(bucket + "/guarded").text()).isEqualTo("x");
        final var crc = new CRC32();
        crc.update(document.getBytes(StandardCharsets.UTF_8));
        final String value = Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
        assertThat(raw.call("POST", bucket + "?delete", document, "x-amz-checksum-crc32", value)
                        .status())
                .isEqualTo(200);
        assertThat(raw.get(bucket + "/guarded").error()).isEqualTo("404 NoSuchKey");
    }
}
