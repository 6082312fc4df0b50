package io.tarn.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderLines;
import io.tarn.s3.wire.RawRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignatureV4Test {
    private static final String HOST = "examplebucket.s3.amazonaws.com";
    private static final String PRESIGNED =
            "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1"
                    + "%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                    + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

    private static Authentication verify(final RawRequest request) {
        return AwsExamples.at(AwsExamples.SIGNED_AT).authenticate(request, Optional.empty());
    }

    private static S3Exception refused(final RawRequest request, final Instant now) {
        return catchThrowableOfType(
                S3Exception.class, () -> AwsExamples.at(now).authenticate(request, Optional.empty()));
    }

    private static S3Exception refused(final RawRequest request) {
        return refused(request, AwsExamples.SIGNED_AT);
    }

    private static RawRequest get(final String target, final String signature) {
        return RawRequest.of(
                "GET",
                target,
                HeaderLines.of(
                        "Host",
                        HOST,
                        "x-amz-date",
                        "20130524T000000Z",
                        "x-amz-content-sha256",
                        AwsExamples.EMPTY_SHA256,
                        "Authorization",
                        AwsExamples.authorization("host;x-amz-content-sha256;x-amz-date", signature)));
    }

    @Test
    void acceptsTheExampleGetOfARange() {
        Authentication who = verify(AwsExamples.getObject(AwsExamples.getObjectAuthorization()));
        assertThat(who)
                .isEqualTo(new Authentication.Signed(
                        AwsExamples.ACCESS_KEY,
                        new PayloadMode.Sha256(AwsExamples.EMPTY_SHA256),
                        Optional.empty(),
                        false));
    }

    @Test
    void acceptsTheExamplePutWithItsDateHeaderAndUncodedDollar() {
        String sha256 = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        HeaderLines headers = HeaderLines.of(
                "Host",
                HOST,
                "Date",
                "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-date",
                "20130524T000000Z",
                "x-amz-storage-class",
                "REDUCED_REDUNDANCY",
                "x-amz-content-sha256",
                sha256,
                "Authorization",
                AwsExamples.authorization(
                        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
        assertThat(verify(RawRequest.of("PUT", "/test$file.text", headers)).payload())
                .isEqualTo(new PayloadMode.Sha256(sha256));
        assertThat(verify(RawRequest.of("PUT", "/test%24file.text", headers))).isNotNull();
        assertThat(verify(RawRequest.of("PUT", "/%74est%24file.text", headers))).isNotNull();
    }

    @Test
    void acceptsTheExampleGetOfLifecycle() {
        assertThat(verify(get("/?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")))
                .isInstanceOf(Authentication.Signed.class);
    }

    @Test
    void acceptsTheExampleListInEitherOrderOfParameters() {
        String signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";
        assertThat(verify(get("/?max-keys=2&prefix=J", signature))).isNotNull();
        assertThat(verify(get("/?prefix=%4A&max-keys=2", signature))).isNotNull();
    }

    @Test
    void acceptsTheExamplePresignedUrl() {
        RawRequest request = RawRequest.of("GET", PRESIGNED, HeaderLines.of("Host", HOST));
        assertThat(verify(request))
                .isEqualTo(new Authentication.Signed(
                        AwsExamples.ACCESS_KEY, new PayloadMode.Unsigned(), Optional.empty(), true));
    }

    @Test
    void refusesAPresignedUrlAfterItsEndAndLongBeforeItsStart() {
        RawRequest request = RawRequest.of("GET", PRESIGNED, HeaderLines.of("Host", HOST));
        Instant end = AwsExamples.SIGNED_AT.plusSeconds(86400);
        assertThat(refused(request, end).getMessage()).isEqualTo("Request has expired");
        assertThat(refused(request, end.minusSeconds(1))).isNull();
        assertThat(refused(request, AwsExamples.SIGNED_AT.minusSeconds(901)).getMessage())
                .isEqualTo("Request is not valid yet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"604801", "-7", "0"})
    void refusesAPresignedUrlWhoseLifetimeIsOutOfBounds(final String expires) {
        String target = PRESIGNED.replace("X-Amz-Expires=86400", "X-Amz-Expires=" + expires);
        RawRequest request = RawRequest.of("GET", target, HeaderLines.of("Host", HOST));
        assertThat(refused(request).httpStatus()).isEqualTo(403);
    }

    @Test
    void refusesAPresignedUrlThatLacksAParameter() {
        String target = PRESIGNED.replace("X-Amz-Expires=86400&", "");
        RawRequest request = RawRequest.of("GET", target, HeaderLines.of("Host", HOST));
        assertThat(refused(request).code()).isEqualTo(S3ErrorCode.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
    }

    @Test
    void acceptsTheExamplesOfChunkedUploads() {
        assertThat(verify(AwsExamples.chunkedPut()).payload()).isEqualTo(new PayloadMode.Chunked(true, false));
        assertThat(verify(AwsExamples.chunkedPutWithTrailer()).payload())
                .isEqualTo(new PayloadMode.Chunked(true, true));
    }

    @Test
    void takesTheAuthorizationHeaderWithBlanksOrWithoutAndInAnyOrder() {
        String standard = AwsExamples.getObjectAuthorization();
        assertThat(verify(AwsExamples.getObject(standard.replace(",", ", ")))).isNotNull();
        assertThat(verify(AwsExamples.getObject(standard.replace(",", "  ,   "))))
                .isNotNull();
        int comma = standard.indexOf(',');
        String credential = standard.substring("AWS4-HMAC-SHA256 ".length(), comma);
        String reordered = "AWS4-HMAC-SHA256 " + standard.substring(comma + 1) + "," + credential;
        assertThat(verify(AwsExamples.getObject(reordered))).isNotNull();
    }

    @Test
    void saysWhatItSignedWhenTheSignatureIsWrong() {
        S3Exception error = refused(
                AwsExamples.getObject(AwsExamples.getObjectAuthorization().replace("f0e8bdb8", "f0e8bdb9")));
        assertThat(error.code()).isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
        assertThat(error.details().get("StringToSign"))
                .startsWith("AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n");
        assertThat(error.details().get("CanonicalRequest")).startsWith("GET\n/test.txt\n\nhost:" + HOST + "\n");
    }

    @Test
    void refusesAnUnknownKey() {
        String authorization = AwsExamples.getObjectAuthorization().replace("AKIAIOSFODNN7EXAMPLE", "NOBODY");
        assertThat(refused(AwsExamples.getObject(authorization)).code()).isEqualTo(S3ErrorCode.INVALID_ACCESS_KEY_ID);
    }

    @Test
    void namesTheRightRegionWhenTheScopeHasAnother() {
        String authorization = AwsExamples.getObjectAuthorization().replace("us-east-1", "eu-west-1");
        S3Exception error = refused(AwsExamples.getObject(authorization));
        assertThat(error.code()).isEqualTo(S3ErrorCode.AUTHORIZATION_HEADER_MALFORMED);
        assertThat(error.details()).containsEntry("Region", "us-east-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/20130525/", "/2013-5-24/", "/iam/", "/aws3_request", ",Signature"})
    void refusesAScopeThatIsNotRight(final String wrong) {
        String authorization =
                switch (wrong) {
                    case "/iam/" -> AwsExamples.getObjectAuthorization().replace("/s3/", wrong);
                    case "/aws3_request" -> AwsExamples.getObjectAuthorization().replace("/aws4_request", wrong);
                    case ",Signature" -> AwsExamples.getObjectAuthorization().replace(",Signature=", ",Sig=");
                    default -> AwsExamples.getObjectAuthorization().replace("/20130524/", wrong);
                };
        assertThat(refused(AwsExamples.getObject(authorization)).code())
                .isEqualTo(S3ErrorCode.AUTHORIZATION_HEADER_MALFORMED);
    }

    @Test
    void allowsFifteenMinutesOfSkewAndNoMore() {
        RawRequest request = AwsExamples.getObject(AwsExamples.getObjectAuthorization());
        Duration limit = Duration.ofMinutes(15);
        assertThat(refused(request, AwsExamples.SIGNED_AT.plus(limit))).isNull();
        assertThat(refused(request, AwsExamples.SIGNED_AT.minus(limit))).isNull();
        assertThat(refused(request, AwsExamples.SIGNED_AT.plus(limit).plusSeconds(1))
                        .code())
                .isEqualTo(S3ErrorCode.REQUEST_TIME_TOO_SKEWED);
    }

    @Test
    void refusesHeadersOfS3ThatAreNotSigned() {
        var headers = (HeaderLines)
                AwsExamples.getObject(AwsExamples.getObjectAuthorization()).headers();
        headers.with("X-Amz-Acl", "public-read");
        S3Exception error = refused(RawRequest.of("GET", "/test.txt", headers));
        assertThat(error.code()).isEqualTo(S3ErrorCode.ACCESS_DENIED);
        assertThat(error.details()).containsEntry("HeadersNotSigned", "x-amz-acl");
    }

    @Test
    void findsRequestsWithoutSignatureAnonymousAndEmptyOnesDenied() {
        assertThat(verify(RawRequest.of("GET", "/b/k", HeaderLines.of("Host", HOST))))
                .isEqualTo(new Authentication.Anonymous(new PayloadMode.Unsigned()));
        assertThat(refused(RawRequest.of("GET", "/b/k", HeaderLines.of("Authorization", "")))
                        .code())
                .isEqualTo(S3ErrorCode.ACCESS_DENIED);
        assertThat(refused(RawRequest.of("GET", "/b/k", HeaderLines.of("Authorization", "Bearer x")))
                        .code())
                .isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void derivesAgainWhenASecretChanges() {
        var keys = new SigningKeys();
        var first = keys.get("k", Secret.of("one"), "20130524", "r");
        assertThat(keys.get("k", Secret.of("one"), "20130524", "r")).isSameAs(first);
        assertThat(keys.get("k", Secret.of("two"), "20130524", "r")).isNotEqualTo(first);
    }

    @Test
    void keepsARecentKeyThroughATurnOfTheCachesGenerations() {
        var keys = new SigningKeys();
        Secret secret = Secret.of("s");
        for (int i = 0; i < 2 * SigningKeys.GENERATION_SIZE; i++) {
            assertThat(keys.get("k" + i, secret, "20130524", "r")).isNotNull();
        }
        String last = "k" + (2 * SigningKeys.GENERATION_SIZE - 1);
        assertThat(keys.get(last, secret, "20130524", "r")).isSameAs(keys.get(last, secret, "20130524", "r"));
    }
}
