package io.tarn.s3.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.Conditions.Outcome;
import io.tarn.s3.wire.HeaderLines;
import io.tarn.s3.wire.HttpDate;
import io.tarn.s3.wire.QueryParameters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadersTest {
    private static final Instant MODIFIED = Instant.parse("1994-11-06T08:49:37.500Z");

    private static S3ErrorCode code(final org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(S3Exception.class, call).code();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 0, 10",
        "bytes=5-, 5, 95",
        "bytes=-10, 90, 10",
        "bytes=-1000, 0, 100",
        "bytes=90-1000, 90, 10",
        "Bytes=99-99, 99, 1",
        "bytes=0-99999999999999999999999, 0, 100"
    })
    void laysARangeOnAnObject(final String header, final long offset, final long length) {
        assertThat(ByteRange.parse(header).orElseThrow().resolve(100))
                .isEqualTo(new ByteRange.Resolved(offset, length, 100));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=0-1,3-4", "bytes=9-5", "bytes=-", "bytes=a-b", "items=0-1", "bytes", "", "bytes=--5"})
    void ignoresWhatIsNotOneRange(final String header) {
        assertThat(ByteRange.parse(header)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
    void refusesARangeWithNoByteInIt(final String header) {
        assertThat(code(() -> ByteRange.parse(header).orElseThrow().resolve(100)))
                .isEqualTo(S3ErrorCode.INVALID_RANGE);
    }

    @Property(tries = 500)
    void anyRangeHeaderIsTakenIgnoredOrUnsatisfiable(final @ForAll String text) {
        ByteRange.parse("bytes=" + text)
                .ifPresent(range -> catchThrowableOfType(S3Exception.class, () -> range.resolve(7)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Sun, 06 Nov 1994 08:49:37 +0000",
                "19941106T084937Z",
                "1994-11-06T08:49:37Z"
            })
    void readsEveryFormOfDate(final String date) {
        assertThat(HttpDate.parse(date)).contains(Instant.parse("1994-11-06T08:49:37Z"));
        assertThat(HttpDate.format(HttpDate.parse(date).orElseThrow())).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @Property(tries = 500)
    void anyDateIsReadOrNot(final @ForAll String text) {
        assertThat(HttpDate.parse(text)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "if-match, '\"a\"', PROCEED",
        "if-match, '\"b\", a', PROCEED",
        "if-match, *, PROCEED",
        "if-match, b, PRECONDITION_FAILED",
        "if-none-match, W/\"a\", NOT_MODIFIED",
        "if-none-match, b, PROCEED",
        "if-modified-since, 'Sun, 06 Nov 1994 08:49:37 GMT', NOT_MODIFIED",
        "if-modified-since, 'Sun, 06 Nov 1994 08:49:36 GMT', PROCEED",
        "if-unmodified-since, 'Sun, 06 Nov 1994 08:49:37 GMT', PROCEED",
        "if-unmodified-since, 'Sun, 06 Nov 1994 08:49:36 GMT', PRECONDITION_FAILED",
        "if-modified-since, nonsense, PROCEED"
    })
    void evaluatesConditions(final String name, final String value, final Outcome outcome) {
        Conditions conditions = Conditions.of(HeaderLines.of(name, value));
        assertThat(conditions.evaluateRead("\"a\"", MODIFIED)).isEqualTo(outcome);
        Conditions source = Conditions.ofCopySource(HeaderLines.of("x-amz-copy-source-" + name, value));
        assertThat(source.evaluateCopySource("a", MODIFIED))
                .isEqualTo(outcome == Outcome.PROCEED ? outcome : Outcome.PRECONDITION_FAILED);
    }

    @Test
    void datesAreWrittenAsHttpHasThem() {
        assertThat(HttpDate.format(Instant.parse("1994-11-06T08:49:37.999Z")))
                .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(HttpDate.format(Instant.EPOCH)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(HttpDate.format(Instant.parse("2024-02-29T23:59:59Z"))).isEqualTo("Thu, 29 Feb 2024 23:59:59 GMT");
        assertThat(HttpDate.format(Instant.parse("1969-12-31T23:59:59.5Z"))).isEqualTo("Wed, 31 Dec 1969 23:59:59 GMT");
        assertThat(HttpDate.parse("Sun, 06 Nov 1994 08:49:37 -0000")).contains(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @Test
    void letsTheEtagDecideOverTheDate() {
        String before = "Sun, 06 Nov 1994 08:00:00 GMT";
        String after = "Sun, 06 Nov 1994 09:00:00 GMT";
        assertThat(Conditions.of(HeaderLines.of("if-match", "a", "if-unmodified-since", before))
                        .evaluateRead("a", MODIFIED))
                .isEqualTo(Outcome.PROCEED);
        assertThat(Conditions.of(HeaderLines.of("if-none-match", "b", "if-modified-since", after))
                        .evaluateRead("a", MODIFIED))
                .isEqualTo(Outcome.PROCEED);
    }

    @Test
    void collectsUserMetadata() {
        HeaderLines headers = HeaderLines.of(
                "X-Amz-Meta-Foo",
                "bar",
                "x-amz-meta-foo",
                "baz",
                "x-amz-meta-word",
                "=?UTF-8?B?4oKs?= =?UTF-8?Q?_=C3=A9?=");
        headers.with("x-amz-meta-raw", new String("é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        assertThat(UserMetadata.parse(headers)).isEqualTo(Map.of("foo", "bar,baz", "word", "€ é", "raw", "é"));
    }

    @Property(tries = 300)
    void anyMetadataSurvivesItsHeader(final @ForAll String text) {
        String value = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        boolean ascii = UserMetadata.toHeader(value).equals(value);
        if (!ascii) {
            assertThat(UserMetadata.decode(UserMetadata.toHeader(value))).isEqualTo(value);
        }
    }

    @Test
    void bounds2KibOfMetadata() {
        assertThat(UserMetadata.parse(HeaderLines.of("x-amz-meta-a", "x".repeat(2047))))
                .hasSize(1);
        assertThat(code(() -> UserMetadata.parse(HeaderLines.of("x-amz-meta-a", "x".repeat(2048)))))
                .isEqualTo(S3ErrorCode.METADATA_TOO_LARGE);
    }

    @Test
    void readsTagsAndTheirLimits() {
        assertThat(ObjectTags.parseHeader("a=1&b&c=x%20y+z")).isEqualTo(Map.of("a", "1", "b", "", "c", "x y z"));
        assertThat(code(() -> ObjectTags.parseHeader("a=1&a=2"))).isEqualTo(S3ErrorCode.INVALID_TAG);
        assertThat(code(() -> ObjectTags.parseHeader("a".repeat(129) + "=1"))).isEqualTo(S3ErrorCode.INVALID_TAG);
        assertThat(code(() -> ObjectTags.parseHeader("a=" + "1".repeat(257)))).isEqualTo(S3ErrorCode.INVALID_TAG);
        assertThat(code(() -> ObjectTags.parseHeader("a&b&c&d&e&f&g&h&i&j&k"))).isEqualTo(S3ErrorCode.INVALID_TAG);
        assertThat(code(() -> ObjectTags.parseHeader("a=%"))).isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void readsCopySources() {
        assertThat(CopySource.parse("/b/a%20b%3Fc?versionId=00000000000000a1"))
                .isEqualTo(new CopySource("b", "a b?c", Optional.of("00000000000000a1")));
        assertThat(CopySource.parse("b/k")).isEqualTo(new CopySource("b", "k", Optional.empty()));
        for (String bad : new String[] {"", "/", "b", "b/", "/b/%", "b/k?versionId="}) {
            assertThat(code(() -> CopySource.parse(bad))).isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
        }
        assertThat(code(() -> ByteRange.parseCopyRange("bytes=1-"))).isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, gzip",
        "'deflate, gzip', 'deflate, gzip'",
        "'gzip, aws-chunked', gzip",
        "'aws-chunked,gzip', gzip"
    })
    void keepsContentEncodingWithoutAwsChunked(final String header, final String kept) {
        assertThat(ContentHeaders.of(HeaderLines.of("Content-Encoding", header)).contentEncoding())
                .contains(kept);
        assertThat(ContentHeaders.of(HeaderLines.of("Content-Encoding", "aws-chunked, aws-chunked"))
                        .contentEncoding())
                .isEmpty();
    }

    @Test
    void letsNoLineIntoAResponseHeader() {
        assertThat(ContentHeaders.responseOverrides(QueryParameters.parse("response-content-type=text/x")))
                .isEqualTo(Map.of("Content-Type", "text/x"));
        assertThat(code(() -> ContentHeaders.responseOverrides(
                        QueryParameters.parse("response-content-type=a%0d%0aSet-Cookie:x"))))
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }
}
