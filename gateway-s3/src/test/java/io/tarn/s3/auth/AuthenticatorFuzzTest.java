package io.tarn.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderLines;
import io.tarn.s3.wire.RawRequest;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever stands where a signature should, the answer is an S3 error: nothing else is thrown, and nobody gets in. */
final class AuthenticatorFuzzTest {
    private static S3Exception refused(final RawRequest request) {
        return catchThrowableOfType(
                S3Exception.class, () -> AwsExamples.at(AwsExamples.SIGNED_AT).authenticate(request, Optional.empty()));
    }

    @Property(tries = 1000)
    void refusesAnyTextAfterTheAlgorithm(final @ForAll String text) {
        assertThat(refused(AwsExamples.getObject("AWS4-HMAC-SHA256 " + text))).isNotNull();
        assertThat(refused(AwsExamples.getObject("AWS " + text))).isNotNull();
    }

    @Property(tries = 1000)
    void refusesAHeaderWithOneCharacterReplaced(
            final @ForAll @IntRange(min = 17, max = 230) int at, final @ForAll char by) {
        String header = AwsExamples.getObjectAuthorization();
        int position = Math.min(at, header.length() - 1);
        String changed = header.substring(0, position) + by + header.substring(position + 1);
        if (!changed.equalsIgnoreCase(header)) {
            assertThat(refused(AwsExamples.getObject(changed))).isNotNull();
        }
    }

    @Property(tries = 1000)
    void refusesAnyPresignedQuery(final @ForAll String text) {
        HeaderLines headers = HeaderLines.of("Host", "h");
        assertThat(refused(RawRequest.of("GET", "/b/k?X-Amz-Signature=" + text, headers)))
                .isNotNull();
        assertThat(refused(RawRequest.of("GET", "/b/k?AWSAccessKeyId=" + text, headers)))
                .isNotNull();
    }

    @Property(tries = 500)
    void refusesTheExamplesSignatureOnAnyOtherTarget(final @ForAll String target) {
        HeaderLines headers = (HeaderLines)
                AwsExamples.getObject(AwsExamples.getObjectAuthorization()).headers();
        assertThat(refused(RawRequest.of("GET", "/other" + target, headers))).isNotNull();
    }
}
