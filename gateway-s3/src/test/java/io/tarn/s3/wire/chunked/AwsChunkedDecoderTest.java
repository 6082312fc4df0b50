package io.tarn.s3.wire.chunked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarn.s3.auth.AwsExamples;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AwsChunkedDecoderTest {
    private static final String A = "a";
    private static final List<String> CRC32C = List.of("x-amz-checksum-crc32c");
    private static final String SIGNED =
            "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
                    + A.repeat(65536)
                    + "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
                    + A.repeat(1024)
                    + "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
    private static final String SIGNED_WITH_TRAILER =
            "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
                    + A.repeat(65536)
                    + "\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
                    + A.repeat(1024)
                    + "\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
                    + "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                    + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";

    /** What a decoder made of a body. */
    private record Decoded(String payload, Map<String, String> trailers) {}

    private static Decoded decode(final AwsChunkedDecoder decoder, final byte[] body, final Random splits) {
        var payload = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; ) {
            int count = Math.min(body.length - at, 1 + splits.nextInt(splits.nextBoolean() ? 4 : 40_000));
            decoder.feed(ByteBuffer.wrap(body, at, count), piece -> {
                var bytes = new byte[piece.remaining()];
                piece.get(bytes);
                payload.writeBytes(bytes);
            });
            at += count;
        }
        Map<String, String> trailers = decoder.finish();
        return new Decoded(payload.toString(StandardCharsets.ISO_8859_1), trailers);
    }

    private static byte[] bytes(final String body) {
        return body.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static AwsChunkedDecoder signed() {
        return new AwsChunkedDecoder(
                66560, Optional.of(AwsExamples.chunkSigner(AwsExamples.chunkedPut())), false, List.of());
    }

    private static AwsChunkedDecoder signedWithTrailer() {
        return new AwsChunkedDecoder(
                66560, Optional.of(AwsExamples.chunkSigner(AwsExamples.chunkedPutWithTrailer())), true, CRC32C);
    }

    private static AwsChunkedDecoder unsigned(final long length) {
        return new AwsChunkedDecoder(length, Optional.empty(), true, CRC32C);
    }

    private static S3ErrorCode refused(final AwsChunkedDecoder decoder, final String body) {
        return catchThrowableOfType(S3Exception.class, () -> decode(decoder, bytes(body), new Random(1)))
                .code();
    }

    @Property(tries = 40)
    void decodesTheExampleOfAwsHoweverItIsSplit(final @ForAll long seed) {
        assertThat(decode(signed(), bytes(SIGNED), new Random(seed))).isEqualTo(new Decoded(A.repeat(66560), Map.of()));
    }

    @Property(tries = 40)
    void decodesTheExampleWithTrailerHoweverItIsSplit(final @ForAll long seed) {
        assertThat(decode(signedWithTrailer(), bytes(SIGNED_WITH_TRAILER), new Random(seed)))
                .isEqualTo(new Decoded(A.repeat(66560), Map.of("x-amz-checksum-crc32c", "sOO8/Q==")));
    }

    @Property(tries = 200)
    void anyPayloadSurvivesCodingWithoutSignature(
            final @ForAll @Size(max = 4) List<@IntRange(min = 8192, max = 20_000) Integer> sizes,
            final @ForAll long seed) {
        var random = new Random(seed);
        var payload = new StringBuilder();
        var body = new StringBuilder();
        for (int size : sizes) {
            var chunk = new StringBuilder();
            random.ints(size, 0, 256).forEach(b -> chunk.append((char) b));
            payload.append(chunk);
            body.append(Integer.toHexString(size)).append("\r\n").append(chunk).append("\r\n");
        }
        body.append("0\r\nx-amz-checksum-crc32c:sOO8/Q==\r\n\r\n");
        assertThat(decode(unsigned(payload.length()), bytes(body.toString()), random)
                        .payload())
                .isEqualTo(payload.toString());
    }

    @Property(tries = 500)
    void garbageEndsInAnS3Error(final @ForAll @Size(max = 3000) byte[] garbage, final @ForAll long seed) {
        S3Exception error =
                catchThrowableOfType(S3Exception.class, () -> decode(unsigned(1000), garbage, new Random(seed)));
        assertThat(error).isNotNull();
    }

    @Property(tries = 300)
    void oneFlippedBitAnywhereIsNoticed(
            final @ForAll @IntRange(max = 66823) int at, final @ForAll @IntRange(max = 7) int bit) {
        byte[] body = bytes(SIGNED);
        body[at] ^= (byte) (1 << bit);
        // hexadecimal in capitals, and a carriage return before the line's end, are the same to a lenient reader
        String changed = new String(body, StandardCharsets.ISO_8859_1);
        boolean same = changed.equalsIgnoreCase(SIGNED);
        S3Exception error = catchThrowableOfType(S3Exception.class, () -> decode(signed(), body, new Random(at)));
        if (!same) {
            assertThat(error).isNotNull();
        }
    }

    @Test
    void refusesAChangedPayload() {
        assertThat(refused(signed(), SIGNED.replaceFirst("aaaa\r", "aaab\r")))
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void refusesAChangedTrailer() {
        assertThat(refused(signedWithTrailer(), SIGNED_WITH_TRAILER.replace("sOO8", "sOO9")))
                .isEqualTo(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void refusesABodyThatEndsEarlyOrIsLongerThanAnnounced() {
        assertThat(refused(signed(), SIGNED.substring(0, 66_000))).isEqualTo(S3ErrorCode.INCOMPLETE_BODY);
        assertThat(refused(unsigned(4), "3\r\nabc\r\n0\r\nx-amz-checksum-crc32c:x\r\n\r\n"))
                .isEqualTo(S3ErrorCode.INCOMPLETE_BODY);
        assertThat(refused(unsigned(2), "3\r\nabc\r\n0\r\n\r\n")).isEqualTo(S3ErrorCode.INCOMPLETE_BODY);
    }

    @Test
    void refusesASmallChunkThatIsNotTheLast() {
        assertThat(refused(unsigned(6), "3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n")).isEqualTo(S3ErrorCode.INVALID_CHUNK_SIZE);
    }

    @Test
    void refusesTrailersThatAreMissingUnknownTwiceOrTooLong() {
        String chunks = "3\r\nabc\r\n0\r\n";
        assertThat(refused(unsigned(3), chunks + "\r\n")).isEqualTo(S3ErrorCode.MALFORMED_TRAILER);
        assertThat(refused(unsigned(3), chunks + "x-other:1\r\n\r\n")).isEqualTo(S3ErrorCode.MALFORMED_TRAILER);
        String crc = "x-amz-checksum-crc32c:a\r\n";
        assertThat(refused(unsigned(3), chunks + crc + crc + "\r\n")).isEqualTo(S3ErrorCode.MALFORMED_TRAILER);
        assertThat(refused(unsigned(3), chunks + "x".repeat(5000))).isEqualTo(S3ErrorCode.MALFORMED_TRAILER);
    }

    @Test
    void refusesWhatComesAfterTheEnd() {
        assertThat(refused(signed(), SIGNED + "x")).isEqualTo(S3ErrorCode.INVALID_REQUEST);
    }

    @Test
    void givesSlicesOfItsInputWithoutCopying() {
        byte[] body = bytes("3\r\nabc\r\n0\r\nx-amz-checksum-crc32c:x\r\n\r\n");
        unsigned(3)
                .feed(ByteBuffer.wrap(body), piece -> assertThat(piece.array()).isSameAs(body));
    }
}
