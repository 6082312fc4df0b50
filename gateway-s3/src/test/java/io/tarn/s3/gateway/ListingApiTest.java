package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings: order, pages, markers and what they refuse. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ListingApiTest {
    /** In the order of bytes of UTF-8; UTF-16 would have the two last the other way round. */
    private static final List<String> KEYS = List.of("a", "a/", "a/b", "a//b", "b+c", "b c", "é", "ﬀ", "\uD83D\uDE00");

    private GatewayFixture s3;
    private RawS3 raw;
    private String bucket;

    @BeforeAll
    void start() {
        s3 = new GatewayFixture();
        raw = s3.raw();
        bucket = "/" + s3.newBucket();
        for (final String key : KEYS) {
            raw.put(bucket + "/" + TestSigner.coded(key).replace("%2F", "/"), "x");
        }
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    private static List<String> sorted() {
        final var keys = new ArrayList<>(KEYS);
        keys.sort((a, b) -> java.util.Arrays.compareUnsigned(
                a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                b.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return keys;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void keysComeInTheOrderOfTheirBytes(final int size) {
        final var found = new ArrayList<String>();
        String token = "";
        do {
            final RawS3.Answer page = raw.get(bucket + "?list-type=2&max-keys=" + size + token);
            found.addAll(RawS3.elements(page.text(), "Key"));
            final String next = page.element("NextContinuationToken");
            assertThat(page.element("IsTruncated")).isEqualTo(String.valueOf(!next.isEmpty()));
            token = next.isEmpty() ? "" : "&continuation-token=" + TestSigner.coded(next);
        } while (!token.isEmpty());
        assertThat(found).isEqualTo(sorted());
        assertThat(found).endsWith("ﬀ", "\uD83D\uDE00");
    }

    @Test
    void keysAreCodedOnDemand() {
        final RawS3.Answer page = raw.get(bucket + "?list-type=2&encoding-type=url&prefix=b");
        assertThat(RawS3.elements(page.text(), "Key")).containsExactly("b%20c", "b%2Bc");
        assertThat(page.element("EncodingType")).isEqualTo("url");
        assertThat(raw.get(bucket + "?encoding-type=base64").error()).isEqualTo("400 InvalidArgument");
    }

    @Test
    void commonPrefixesAreRolledUp() {
        final RawS3.Answer page = raw.get(bucket + "?list-type=2&delimiter=%2F&prefix=a%2F");
        assertThat(RawS3.elements(page.text(), "Key")).containsExactly("a/", "a/b");
        assertThat(RawS3.elements(page.text(), "CommonPrefixes")).containsExactly("<Prefix>a//</Prefix>");
        assertThat(page.element("KeyCount")).isEqualTo("3");
        assertThat(page.element("Delimiter")).isEqualTo("/");
    }

    @Test
    void theFirstVersionNamesAMarkerOnlyWithADelimiter() {
        assertThat(raw.get(bucket + "?max-keys=1").text()).doesNotContain("NextMarker");
        final RawS3.Answer page = raw.get(bucket + "?max-keys=1&delimiter=%2F");
        assertThat(page.element("NextMarker")).isEqualTo("a");
        assertThat(raw.get(bucket + "?max-keys=1&delimiter=%2F&marker=a").element("NextMarker"))
                .isEqualTo("a/");
        assertThat(page.text()).contains("<Owner>");
    }

    @Test
    void ownersAreToldOnDemand() {
        assertThat(raw.get(bucket + "?list-type=2").text()).doesNotContain("<Owner>");
        assertThat(raw.get(bucket + "?list-type=2&fetch-owner=true").text()).contains("<Owner><ID>main</ID>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list-type=2&max-keys=-1",
                "list-type=2&max-keys=x",
                "max-keys=99999999999",
                "list-type=3",
                "list-type=2&continuation-token=%21",
                "versions&version-id-marker=1",
                "versions&max-keys=x",
                "uploads&max-uploads=x"
            })
    void badArgumentsAreNamed(final String query) {
        final RawS3.Answer refused = raw.get(bucket + "?" + query);
        assertThat(refused.error()).isEqualTo("400 InvalidArgument");
        assertThat(refused.element("ArgumentName")).isNotBlank();
    }

    @Test
    void noMoreThanAThousandAndAlsoNone() {
        assertThat(raw.get(bucket + "?list-type=2&max-keys=5000").element("MaxKeys"))
                .isEqualTo("1000");
        final RawS3.Answer none = raw.get(bucket + "?list-type=2&max-keys=0");
        assertThat(none.element("KeyCount")).isEqualTo("0");
        assertThat(none.element("IsTruncated")).isEqualTo("false");
    }

    @Test
    void listingsBeginAfterAKey() {
        assertThat(RawS3.elements(
                        raw.get(bucket + "?list-type=2&start-after=b%2Bc").text(), "Key"))
                .isEqualTo(sorted().subList(sorted().indexOf("b+c") + 1, KEYS.size()));
    }

    @Test
    void versionsAreListedWithTheirMarkers() {
        final String versioned = "/" + s3.newBucket();
        raw.put(
                versioned + "?versioning",
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        raw.put(versioned + "/k", "1");
        raw.put(versioned + "/k", "2");
        final String marker = raw.call("DELETE", versioned + "/k", "").header("x-amz-version-id");
        final var seen = new ArrayList<String>();
        String next = "";
        do {
            final RawS3.Answer page = raw.get(versioned + "?versions&max-keys=1" + next);
            seen.addAll(RawS3.elements(page.text(), "VersionId"));
            next = page.element("IsTruncated").equals("true")
                    ? "&key-marker=" + page.element("NextKeyMarker") + "&version-id-marker="
                            + page.element("NextVersionIdMarker")
                    : "";
        } while (!next.isEmpty());
        assertThat(seen).hasSize(3).startsWith(marker).doesNotHaveDuplicates();
        final RawS3.Answer gone = raw.get(versioned + "/k");
        assertThat(gone.error()).isEqualTo("404 NoSuchKey");
        assertThat(gone.header("x-amz-delete-marker")).isEqualTo("true");
        assertThat(raw.get(versioned + "/k?versionId=" + marker).error()).isEqualTo("405 MethodNotAllowed");
        assertThat(raw.get(versioned + "/k?versionId=" + seen.getLast()).text()).isEqualTo("1");
        assertThat(raw.get(versioned + "/k?versionId=garbage").error()).isEqualTo("400 InvalidArgument");
        assertThat(raw.call("DELETE", versioned + "/k?versionId=garbage", "").error())
                .isEqualTo("400 InvalidArgument");
        assertThat(raw.get(versioned + "/k?versionId=00000000000000ff").error()).isEqualTo("404 NoSuchVersion");
        final RawS3.Answer several = raw.deleteObjects(
                versioned, "<Delete><Object><Key>k</Key><VersionId>garbage</VersionId></Object></Delete>");
        assertThat(several.element("Error")).contains("<Code>NoSuchVersion</Code>", "<VersionId>garbage</VersionId>");
        final RawS3.Answer restored = raw.call("DELETE", versioned + "/k?versionId=" + marker, "");
        assertThat(restored.header("x-amz-delete-marker")).isEqualTo("true");
        assertThat(raw.get(versioned + "/k").text()).isEqualTo("2");
    }
}
