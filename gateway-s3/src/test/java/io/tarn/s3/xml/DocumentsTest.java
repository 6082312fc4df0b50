package io.tarn.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.ObjectTags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DocumentsTest {
    private static final String NAMESPACE = " xmlns=\"" + XmlWriter.S3_NAMESPACE + "\"";

    private static byte[] utf8(final String xml) {
        return xml.getBytes(StandardCharsets.UTF_8);
    }

    private static S3ErrorCode code(final org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(S3Exception.class, call).code();
    }

    @Test
    void readsDeleteWithAndWithoutNamespace() {
        for (String attributes : List.of("", NAMESPACE)) {
            DeleteRequest request = DeleteRequest.parse(utf8("<?xml version=\"1.0\"?><Delete" + attributes
                    + ">\n <Quiet>true</Quiet><Object><Key>a&amp;&#x1F600; </Key><VersionId>v</VersionId></Object>"
                    + "<Object><Key>b</Key><ETag>\"e\"</ETag></Object></Delete>"));
            assertThat(request.quiet()).isTrue();
            assertThat(request.objects())
                    .extracting(DeleteRequest.ObjectId::key)
                    .containsExactly("a&😀 ", "b");
            assertThat(request.objects().getFirst().versionId()).contains("v");
            assertThat(request.objects().getLast().etag()).contains("e");
        }
    }

    @Test
    void takesA1000ObjectsToDeleteAndNotOneMore() {
        String object = "<Object><Key>k</Key></Object>";
        assertThat(DeleteRequest.parse(utf8("<Delete>" + object.repeat(1000) + "</Delete>"))
                        .objects())
                .hasSize(1000);
        assertThat(code(() -> DeleteRequest.parse(utf8("<Delete>" + object.repeat(1001) + "</Delete>"))))
                .isEqualTo(S3ErrorCode.MALFORMED_XML);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "<Delete>",
                "<Delete/>",
                "<Other/>",
                "<Delete><Object/></Delete>",
                "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
                "<Delete>text<Object><Key>a</Key></Object></Delete>",
                "<Delete><Object><Key>a</Key></Object></Delete>x",
                "<!DOCTYPE Delete [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Delete><Object><Key>&e;</Key></Object></Delete>",
                "<!DOCTYPE Delete><Delete><Object><Key>a</Key></Object></Delete>",
                "<Delete><Object><Key>&unknown;</Key></Object></Delete>",
                "<Delete><Object><Key><Deep/></Key></Object></Delete>"
            })
    void refusesWhatIsNotADeleteDocument(final String xml) {
        assertThat(code(() -> DeleteRequest.parse(utf8(xml)))).isEqualTo(S3ErrorCode.MALFORMED_XML);
    }

    @Property(tries = 1000)
    void anyTextIsADocumentOrAnS3Error(final @ForAll String text) {
        S3Exception error = catchThrowableOfType(S3Exception.class, () -> DeleteRequest.parse(utf8("<Delete>" + text)));
        assertThat(error).isNotNull();
        assertThat(catchThrowableOfType(S3Exception.class, () -> DeleteRequest.parse(utf8(text))))
                .isNotNull();
    }

    @Test
    void boundsDepthAndTextAndElements() {
        String deep = "<a>".repeat(100_000);
        assertThat(code(() -> Tagging.parse(utf8("<Tagging>" + deep), 10))).isEqualTo(S3ErrorCode.MALFORMED_XML);
        String text = "<Delete><Object><Key>" + "k".repeat(XmlReader.MAX_TEXT + 1) + "</Key></Object></Delete>";
        assertThat(code(() -> DeleteRequest.parse(utf8(text)))).isEqualTo(S3ErrorCode.MALFORMED_XML);
    }

    @Test
    void readsCompleteWithChecksums() {
        CompleteMultipartUpload upload = CompleteMultipartUpload.parse(utf8("<CompleteMultipartUpload" + NAMESPACE
                + "><Part><PartNumber>1</PartNumber><ETag>&quot;abc&quot;</ETag>"
                + "<ChecksumCRC32>y/Q5Jg==</ChecksumCRC32></Part>"
                + "<Part><ETag>def</ETag><PartNumber>3</PartNumber></Part></CompleteMultipartUpload>"));
        CompleteMultipartUpload.Part first = upload.parts().getFirst();
        assertThat(first.etag()).isEqualTo("abc");
        assertThat(first.checksums().get(ChecksumAlgorithm.CRC32).toCrc()).isEqualTo(0xCBF43926L);
        assertThat(upload.parts().getLast()).isEqualTo(new CompleteMultipartUpload.Part(3, "def", Map.of()));
    }

    @Test
    void refusesPartsOutOfOrderOrNone() {
        String part = "<Part><PartNumber>%d</PartNumber><ETag>e</ETag></Part>";
        assertThat(code(() -> CompleteMultipartUpload.parse(utf8("<CompleteMultipartUpload>" + part.formatted(2)
                        + part.formatted(1) + "</CompleteMultipartUpload>"))))
                .isEqualTo(S3ErrorCode.INVALID_PART_ORDER);
        assertThat(code(() -> CompleteMultipartUpload.parse(utf8("<CompleteMultipartUpload/>"))))
                .isEqualTo(S3ErrorCode.MALFORMED_XML);
        assertThat(code(() -> CompleteMultipartUpload.parse(
                        utf8("<CompleteMultipartUpload>" + part.formatted(10_001) + "</CompleteMultipartUpload>"))))
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void readsTheSmallDocuments() {
        assertThat(CreateBucketConfiguration.parse(new byte[0]).locationConstraint())
                .isEmpty();
        assertThat(CreateBucketConfiguration.parse(utf8("<CreateBucketConfiguration" + NAMESPACE
                                + "><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"))
                        .locationConstraint())
                .contains("eu-west-1");
        assertThat(Tagging.parse(
                        utf8("<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"),
                        ObjectTags.MAX_OBJECT_TAGS))
                .isEqualTo(Map.of("a", "b"));
        assertThat(VersioningConfiguration.parse(
                        utf8("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")))
                .isEqualTo(new VersioningConfiguration(VersioningConfiguration.Status.ENABLED, Optional.empty()));
        AccessControlPolicy acl = AccessControlPolicy.parse(utf8("<AccessControlPolicy><Owner><ID>o</ID></Owner>"
                + "<AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                + " xsi:type=\"CanonicalUser\"><ID>u</ID></Grantee><Permission>READ</Permission></Grant>"
                + "</AccessControlList></AccessControlPolicy>"));
        assertThat(acl.grants())
                .containsExactly(new AccessControlPolicy.Grant(
                        new AccessControlPolicy.Grantee.CanonicalUser("u"), AccessControlPolicy.Permission.READ));
        assertThat(code(() -> AccessControlPolicy.parse(utf8("<x/>")))).isEqualTo(S3ErrorCode.MALFORMED_ACL);
    }

    @Test
    void writesEscapedXml() {
        var xml = new XmlWriter(0);
        xml.openRoot("R")
                .element("T", "a<b>&\"'\n\u0001é€😀\uD800")
                .element("N", 0)
                .element("M", Long.MAX_VALUE)
                .element("B", true)
                .element("I", Instant.parse("2009-10-12T17:50:30.007Z"))
                .etag("E", "abc")
                .close("R");
        assertThat(new String(xml.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R" + NAMESPACE
                        + "><T>a&lt;b&gt;&amp;&quot;&#39;&#xa;&#x1;é€😀\uFFFD</T><N>0</N><M>9223372036854775807</M>"
                        + "<B>true</B><I>2009-10-12T17:50:30.007Z</I><E>&quot;abc&quot;</E></R>");
    }

    @Property(tries = 500)
    void whatIsWrittenIsReadAgain(final @ForAll String text) {
        String clean = text.codePoints()
                .filter(c -> c >= ' ' && c < 0xD800 || c > 0xFFFF)
                .limit(300)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        var xml = new XmlWriter(0);
        xml.openRoot("Delete")
                .open("Object")
                .element("Key", "k" + clean)
                .close("Object")
                .close("Delete");
        assertThat(DeleteRequest.parse(xml.toByteArray()).objects().getFirst().key())
                .isEqualTo("k" + clean);
    }

    @Test
    void writesErrors() {
        S3Exception error = new S3Exception(S3ErrorCode.NO_SUCH_KEY).with("Key", "a&b");
        String document =
                new String(ErrorDocument.write(error, "/b/a&b", "id", "host").toByteArray(), StandardCharsets.UTF_8);
        assertThat(document)
                .endsWith("<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>"
                        + "<Key>a&amp;b</Key><Resource>/b/a&amp;b</Resource><RequestId>id</RequestId>"
                        + "<HostId>host</HostId></Error>");
    }
}
