package io.tarn.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderLines;
import io.tarn.s3.wire.RawRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of the Amazon S3 Developer Guide, "Signing and Authenticating REST Requests". */
final class SignatureV2Test {
    private static final Instant NOW = Instant.parse("2007-03-27T19:36:42Z");
    private static final Optional<String> BUCKET = Optional.of("johnsmith");

    private static Authentication verify(final RawRequest request) {
        return AwsExamples.at(NOW).authenticate(request, BUCKET);
    }

    private static RawRequest get(final HeaderLines headers) {
        return RawRequest.of("GET", "/photos/puppy.jpg", headers);
    }

    @Test
    void acceptsTheExampleGet() {
        assertThat(verify(get(HeaderLines.of(
                        "Date", "Tue, 27 Mar 2007 19:36:42 +0000",
                        "Authorization", "AWS AKIAIOSFODNN7EXAMPLE:bWq2s1WEIj+Ydj0vQ697zp+IXMU="))))
                .isEqualTo(new Authentication.Signed(
                        AwsExamples.ACCESS_KEY, new PayloadMode.Unsigned(), Optional.empty(), false));
    }

    @Test
    void aBucketMayBeSignedWithASlashAtItsEnd() throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(AwsExamples.SECRET_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        String date = "Tue, 27 Mar 2007 19:36:42 GMT";
        String signature = Base64.getEncoder()
                .encodeToString(mac.doFinal(("PUT\n\n\n" + date + "\n/johnsmith/").getBytes(StandardCharsets.UTF_8)));
        HeaderLines headers =
                HeaderLines.of("Date", date, "Authorization", "AWS " + AwsExamples.ACCESS_KEY + ":" + signature);
        for (String path : new String[] {"/johnsmith", "/johnsmith/"}) {
            assertThat(AwsExamples.at(NOW).authenticate(RawRequest.of("PUT", path, headers), Optional.empty()))
                    .isInstanceOf(Authentication.Signed.class);
        }
        assertThat(catchThrowableOfType(S3Exception.class, () -> AwsExamples.at(NOW)
                                .authenticate(RawRequest.of("PUT", "/johnsmith/k", headers), Optional.empty()))
                        .code())
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void acceptsTheExamplePresignedUrl() {
        String target = "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE"
                + "&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
        RawRequest request = RawRequest.of("GET", target, HeaderLines.of("Host", "johnsmith.s3.amazonaws.com"));
        assertThat(verify(request)).isInstanceOf(Authentication.Signed.class);
        S3Exception late =
                catchThrowableOfType(S3Exception.class, () -> AwsExamples.at(Instant.ofEpochSecond(1175139620))
                        .authenticate(request, BUCKET));
        assertThat(late.getMessage()).isEqualTo("Request has expired");
    }

    @ParameterizedTest
    @CsvSource({
        "'Bad Date', ACCESS_DENIED",
        "'', ACCESS_DENIED",
        "'Tue, 07 Jul 2010 21:53:04 GMT', REQUEST_TIME_TOO_SKEWED",
        "'Tue, 07 Jul 9999 21:53:04 GMT', REQUEST_TIME_TOO_SKEWED",
        "'Tue, 07 Jul 1950 21:53:04 GMT', ACCESS_DENIED"
    })
    void refusesBadDates(final String date, final S3ErrorCode code) {
        S3Exception error = catchThrowableOfType(
                S3Exception.class,
                () -> verify(get(HeaderLines.of(
                        "x-amz-date",
                        date,
                        "Authorization",
                        "AWS AKIAIOSFODNN7EXAMPLE:bWq2s1WEIj+Ydj0vQ697zp+IXMU="))));
        assertThat(error.code()).isEqualTo(code);
    }

    @Test
    void refusesAHeaderWithoutSignature() {
        S3Exception error = catchThrowableOfType(
                S3Exception.class, () -> verify(get(HeaderLines.of("Authorization", "AWS HAHAHA"))));
        assertThat(error.code()).isEqualTo(S3ErrorCode.INVALID_ARGUMENT);
    }
}
