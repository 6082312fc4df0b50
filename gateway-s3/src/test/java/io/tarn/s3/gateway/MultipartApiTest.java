package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Multipart uploads, request by request, and the attributes of what comes of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MultipartApiTest {
    private static final String PART = "p".repeat(5 * 1024 * 1024);

    private GatewayFixture s3;
    private RawS3 raw;
    private String key;
    private String upload;

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
    void begin() {
        key = "/" + s3.newBucket() + "/k";
        upload = create();
    }

    private String create(final String... headers) {
        return key + "?uploadId="
                + raw.call("POST", key + "?uploads", "", headers).element("UploadId");
    }

    private String part(final int number, final String body) {
        return raw.put(upload + "&partNumber=" + number, body).header("etag");
    }

    private static String document(final String... etags) {
        return IntStream.range(0, etags.length)
                .mapToObj(i -> "<Part><ETag>" + etags[i] + "</ETag><PartNumber>" + (i + 1) + "</PartNumber></Part>")
                .collect(Collectors.joining("", "<CompleteMultipartUpload>", "</CompleteMultipartUpload>"));
    }

    private RawS3.Answer complete(final String body, final String... headers) {
        return raw.call("POST", upload, body, headers);
    }

    @Test
    void partsAreJoinedOnceAndAgain() {
        final String body = document(part(1, PART), part(2, "tail"));
        final RawS3.Answer done = complete(body);
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.element("ETag")).endsWith("-2&quot;");
        assertThat(done.element("Location")).endsWith(key);
        assertThat(done.element("ChecksumType")).isEqualTo("FULL_OBJECT");
        assertThat(complete(body).element("ETag")).isEqualTo(done.element("ETag"));
        assertThat(raw.get(upload).error()).isEqualTo("404 NoSuchUpload");
        final RawS3.Answer second = raw.get(key + "?partNumber=2");
        assertThat(second.status()).isEqualTo(206);
        assertThat(second.text()).isEqualTo("tail");
        assertThat(second.header("x-amz-mp-parts-count")).isEqualTo("2");
        assertThat(second.header("content-range"))
                .isEqualTo("bytes " + PART.length() + "-" + (PART.length() + 3) + "/" + (PART.length() + 4));
    }

    @Test
    void numbersOfPartsAreOneToTenThousand() {
        for (final String number : new String[] {"0", "10001", "-1", "x", ""}) {
            final RawS3.Answer refused = raw.put(upload + "&partNumber=" + number, "x");
            assertThat(refused.error()).as(number).isEqualTo("400 InvalidArgument");
            assertThat(refused.element("Message"))
                    .isEqualTo("Part number must be an integer between 1 and 10000, inclusive");
        }
        assertThat(raw.put(upload + "&partNumber=10000", "x").status()).isEqualTo(200);
        assertThat(raw.put(key + "?partNumber=1&uploadId=none", "x").error()).isEqualTo("404 NoSuchUpload");
    }

    @Test
    void completionsAreChecked() {
        final String first = part(1, PART);
        final String second = part(2, "tail");
        assertThat(complete("").error()).isIn("400 MalformedXML", "400 InvalidRequest");
        assertThat(complete("<CompleteMultipartUpload/>").error()).isEqualTo("400 MalformedXML");
        assertThat(complete("not xml").error()).isEqualTo("400 MalformedXML");
        assertThat(complete(document("\"no\"")).error()).isEqualTo("400 InvalidPart");
        assertThat(complete(document(first, second, second)).error()).isEqualTo("400 InvalidPart");
        assertThat(complete(document(first, second).replace("<PartNumber>1<", "<PartNumber>3<"))
                        .error())
                .isEqualTo("400 InvalidPartOrder");
        assertThat(complete(document(first, second), "x-amz-mp-object-size", "7")
                        .error())
                .isEqualTo("400 InvalidRequest");
        assertThat(complete(document(first, second), "If-Match", "\"no\"").error())
                .isEqualTo("404 NoSuchKey");
        assertThat(raw.call("POST", key + "?uploadId=none", document(first)).error())
                .isEqualTo("404 NoSuchUpload");
        raw.put(key, "in the way");
        assertThat(complete(document(first, second), "If-None-Match", "*").error())
                .isEqualTo("412 PreconditionFailed");
        assertThat(complete(document(first, second), "If-Match", raw.get(key).header("etag"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void onlyTheLastPartMayBeSmall() {
        final RawS3.Answer refused = complete(document(part(1, "small"), part(2, "tail")));
        assertThat(refused.error()).isEqualTo("400 EntityTooSmall");
        assertThat(refused.element("MinSizeAllowed")).isEqualTo("5242880");
        assertThat(refused.element("ProposedSize")).isEqualTo("5");
    }

    @Test
    void partsAndUploadsAreListedInPages() {
        part(1, "a");
        part(3, "b");
        final RawS3.Answer page = raw.get(upload + "&max-parts=1");
        assertThat(RawS3.elements(page.text(), "PartNumber")).containsExactly("1");
        assertThat(page.element("IsTruncated")).isEqualTo("true");
        final RawS3.Answer rest = raw.get(upload + "&part-number-marker=" + page.element("NextPartNumberMarker"));
        assertThat(RawS3.elements(rest.text(), "PartNumber")).containsExactly("3");
        assertThat(raw.get(upload + "&max-parts=x").error()).isEqualTo("400 InvalidArgument");
        final String bucket = key.substring(0, key.lastIndexOf('/'));
        create();
        final RawS3.Answer uploads = raw.get(bucket + "?uploads&max-uploads=1");
        assertThat(uploads.element("IsTruncated")).isEqualTo("true");
        final RawS3.Answer more = raw.get(bucket + "?uploads&key-marker=" + uploads.element("NextKeyMarker")
                + "&upload-id-marker=" + TestSigner.coded(uploads.element("NextUploadIdMarker")));
        assertThat(RawS3.elements(more.text(), "UploadId")).hasSize(1).doesNotContain(uploads.element("UploadId"));
    }

    @Test
    void abortedUploadsAreGone() {
        part(1, "a");
        assertThat(raw.call("DELETE", upload, "").status()).isEqualTo(204);
        assertThat(raw.call("DELETE", upload, "").error()).isEqualTo("404 NoSuchUpload");
        assertThat(raw.put(upload + "&partNumber=1", "x").error()).isEqualTo("404 NoSuchUpload");
        assertThat(complete(document("\"e\"")).error()).isEqualTo("404 NoSuchUpload");
    }

    @Test
    void partsAreCopiedWholeOrInRanges() {
        final String source = key + "-source";
        raw.put(source, "0123456789");
        final RawS3.Answer copied = raw.put(
                upload + "&partNumber=1", "", "x-amz-copy-source", source, "x-amz-copy-source-range", "bytes=2-4");
        assertThat(copied.text()).contains("<CopyPartResult");
        assertThat(complete(document(copied.element("ETag"))).status()).isEqualTo(200);
        assertThat(raw.get(key).text()).isEqualTo("234");
        upload = create();
        for (final String range : new String[] {"bytes=2-", "bytes=-2", "2-4", "bytes=4-2"}) {
            assertThat(raw.put(
                                    upload + "&partNumber=1",
                                    "",
                                    "x-amz-copy-source",
                                    source,
                                    "x-amz-copy-source-range",
                                    range)
                            .error())
                    .as(range)
                    .isEqualTo("400 InvalidArgument");
        }
        assertThat(raw.put(
                                upload + "&partNumber=1",
                                "",
                                "x-amz-copy-source",
                                source,
                                "x-amz-copy-source-range",
                                "bytes=5-10")
                        .status())
                .isIn(400, 416);
    }

    @Test
    void checksumsOfPartsMakeThatOfTheObject() {
        upload = create("x-amz-checksum-algorithm", "SHA256");
        final RawS3.Answer part = raw.put(
                upload + "&partNumber=1",
                "abc",
                "x-amz-checksum-sha256",
                "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        assertThat(part.header("x-amz-checksum-sha256")).startsWith("ungWv48");
        assertThat(raw.put(upload + "&partNumber=1", "abc", "x-amz-checksum-crc32", "NSRBwg==")
                        .error())
                .isEqualTo("400 InvalidRequest");
        final RawS3.Answer done = complete(document(part.header("etag")));
        assertThat(done.element("ChecksumType")).isEqualTo("COMPOSITE");
        assertThat(done.element("ChecksumSHA256")).endsWith("-1");
        assertThat(raw.call("POST", key + "?uploads", "", "x-amz-checksum-algorithm", "MD6")
                        .error())
                .isEqualTo("400 InvalidRequest");
        assertThat(raw.call(
                                "POST",
                                key + "?uploads",
                                "",
                                "x-amz-checksum-algorithm",
                                "SHA256",
                                "x-amz-checksum-type",
                                "FULL_OBJECT")
                        .error())
                .isEqualTo("400 InvalidRequest");
    }

    @Test
    void attributesTellOfPartsInPages() {
        complete(document(part(1, PART), part(2, PART), part(3, "tail")));
        final RawS3.Answer all = raw.get(
                key + "?attributes", "x-amz-object-attributes", "ETag,ObjectParts,ObjectSize,StorageClass,Checksum");
        assertThat(all.element("ObjectSize")).isEqualTo(String.valueOf(2 * PART.length() + 4));
        assertThat(all.element("PartsCount")).isEqualTo("3");
        assertThat(all.element("StorageClass")).isEqualTo("STANDARD");
        assertThat(all.element("ETag")).endsWith("-3").doesNotContain("\"");
        assertThat(all.element("ChecksumCRC64NVME")).isNotBlank();
        assertThat(all.header("last-modified")).isNotBlank();
        final RawS3.Answer page =
                raw.get(key + "?attributes", "x-amz-object-attributes", "ObjectParts", "x-amz-max-parts", "2");
        assertThat(page.element("IsTruncated")).isEqualTo("true");
        assertThat(page.element("MaxParts")).isEqualTo("2");
        assertThat(RawS3.elements(page.text(), "PartNumber")).containsExactly("1", "2");
        final RawS3.Answer rest = raw.get(
                key + "?attributes",
                "x-amz-object-attributes",
                "ObjectParts",
                "x-amz-part-number-marker",
                page.element("NextPartNumberMarker"));
        assertThat(RawS3.elements(rest.text(), "PartNumber")).containsExactly("3");
        assertThat(raw.get(key + "?attributes").error()).isEqualTo("400 InvalidRequest");
        assertThat(raw.get(key + "?attributes", "x-amz-object-attributes", "Colour")
                        .error())
                .isEqualTo("400 InvalidArgument");
        assertThat(raw.get(key + "-absent?attributes", "x-amz-object-attributes", "ETag")
                        .error())
                .isEqualTo("404 NoSuchKey");
    }
}
