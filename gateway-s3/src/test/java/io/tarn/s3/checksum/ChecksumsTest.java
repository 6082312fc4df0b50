package io.tarn.s3.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderLines;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ChecksumsTest {
    private static final byte[] CHECK = "123456789".getBytes(StandardCharsets.US_ASCII);

    private static PayloadDigest.Result digest(final byte[] bytes) {
        var digest = new PayloadDigest(true, EnumSet.allOf(ChecksumAlgorithm.class), true);
        digest.update(ByteBuffer.wrap(bytes));
        return digest.finish();
    }

    private static long crc(final ChecksumAlgorithm algorithm, final byte[] bytes) {
        return digest(bytes).checksum(algorithm).orElseThrow().toCrc();
    }

    private static long bitwiseCrc64(final byte[] bytes) {
        long crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : Crc64Nvme.POLYNOMIAL);
            }
        }
        return ~crc;
    }

    private static byte[] randomBytes(final long seed, final int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void givesTheCheckValuesOfTheCrcCatalogue() {
        assertThat(crc(ChecksumAlgorithm.CRC32, CHECK)).isEqualTo(0xCBF43926L);
        assertThat(crc(ChecksumAlgorithm.CRC32C, CHECK)).isEqualTo(0xE3069283L);
        assertThat(crc(ChecksumAlgorithm.CRC64NVME, CHECK)).isEqualTo(0xAE8B14860A799888L);
    }

    @Property(tries = 200)
    void crc64AgreesWithTheDefinitionOnHeapAndDirectBuffersAtAnySplit(
            final @ForAll long seed,
            final @ForAll @IntRange(max = 300) int length,
            final @ForAll @IntRange(max = 300) int cut) {
        byte[] bytes = randomBytes(seed, length);
        int split = Math.min(cut, length);
        var heap = new Crc64Nvme();
        heap.update(bytes, 0, split);
        heap.update(bytes, split, length - split);
        var direct = new Crc64Nvme();
        direct.update(ByteBuffer.allocateDirect(length + 1).put(bytes).flip());
        assertThat(heap.getValue()).isEqualTo(bitwiseCrc64(bytes)).isEqualTo(direct.getValue());
    }

    @Property(tries = 100)
    void crc64OfLongArraysAgreesWithTheDefinition(
            @ForAll long seed, @ForAll @IntRange(min = 20, max = 5000) int length, @ForAll @IntRange(max = 20) int at) {
        byte[] bytes = randomBytes(seed, length);
        var crc = new Crc64Nvme();
        crc.update(bytes, 0, at);
        crc.update(bytes, at, length - at);
        assertThat(crc.getValue()).isEqualTo(bitwiseCrc64(bytes));
    }

    @Property(tries = 50)
    void digestsOfDirectAndHeapBuffersAgree(@ForAll long seed, @ForAll @IntRange(max = 50_000) int length) {
        byte[] bytes = randomBytes(seed, length);
        var heap = new PayloadDigest(true, EnumSet.allOf(ChecksumAlgorithm.class), true);
        heap.update(ByteBuffer.wrap(bytes));
        var direct = new PayloadDigest(true, EnumSet.allOf(ChecksumAlgorithm.class), true);
        ByteBuffer buffer = ByteBuffer.allocateDirect(length + 3)
                .position(3)
                .put(bytes)
                .flip()
                .position(3);
        direct.update(buffer);
        assertThat(buffer.position()).isEqualTo(3);
        PayloadDigest.Result one = heap.finish();
        PayloadDigest.Result other = direct.finish();
        assertThat(other.md5().orElseThrow()).isEqualTo(one.md5().orElseThrow());
        assertThat(other.lengthBytes()).isEqualTo(length);
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            assertThat(other.checksum(algorithm)).isEqualTo(one.checksum(algorithm));
        }
    }

    @Property(tries = 200)
    void partsCombineToTheWhole(final @ForAll long seed, final @ForAll @IntRange(min = 1, max = 5) int count) {
        var random = new Random(seed);
        var whole = new java.io.ByteArrayOutputStream();
        for (ChecksumAlgorithm algorithm :
                List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.CRC64NVME)) {
            whole.reset();
            var parts = new ArrayList<PartChecksums.Part>();
            for (int i = 0; i < count; i++) {
                byte[] part = randomBytes(random.nextLong(), random.nextInt(5000));
                whole.writeBytes(part);
                parts.add(
                        new PartChecksums.Part(digest(part).checksum(algorithm).orElseThrow(), part.length));
            }
            assertThat(PartChecksums.fullObject(parts))
                    .isEqualTo(digest(whole.toByteArray()).checksum(algorithm).orElseThrow());
        }
    }

    @Test
    void writesCompositeChecksumsAndMultipartEtags() {
        Checksum part = digest(CHECK).checksum(ChecksumAlgorithm.CRC32).orElseThrow();
        byte[] twice =
                ByteBuffer.allocate(8).put(part.toBytes()).put(part.toBytes()).array();
        assertThat(PartChecksums.composite(List.of(part, part)))
                .isEqualTo(digest(twice)
                                .checksum(ChecksumAlgorithm.CRC32)
                                .orElseThrow()
                                .base64() + "-2");
        byte[] md5 = digest(CHECK).md5().orElseThrow();
        assertThat(Md5.etag(md5)).isEqualTo("25f9e794323b453885f5181f1b624d0b");
        assertThat(Md5.multipartEtag(List.of(md5))).endsWith("-1");
        assertThat(Md5.fromEtag(Md5.etag(md5))).hasValue(md5);
        assertThat(Md5.fromEtag(Md5.multipartEtag(List.of(md5)))).isEmpty();
    }

    @Test
    void comparesWithWhatTheClientClaims() {
        PayloadDigest.Result result = digest(CHECK);
        result.requireContentSha256(HexFormat.of()
                .formatHex(
                        result.checksum(ChecksumAlgorithm.SHA256).orElseThrow().toBytes()));
        S3Exception sha = catchThrowableOfType(S3Exception.class, () -> result.requireContentSha256("00"));
        assertThat(sha.code()).isEqualTo(S3ErrorCode.X_AMZ_CONTENT_SHA256_MISMATCH);
        S3Exception md5 = catchThrowableOfType(S3Exception.class, () -> result.requireMd5(new byte[16]));
        assertThat(md5.code()).isEqualTo(S3ErrorCode.BAD_DIGEST);
        S3Exception crc = catchThrowableOfType(
                S3Exception.class, () -> result.requireChecksum(Checksum.ofCrc(ChecksumAlgorithm.CRC32, 1)));
        assertThat(crc.code()).isEqualTo(S3ErrorCode.BAD_DIGEST);
    }

    @Test
    void refusesDigestsThatAreNone() {
        for (String bad : List.of("", "YWJyYWNhZGFicmE=", "AWS HAHAHA", "rL0Y20xC+Fzt72VPzMSk2A=")) {
            S3Exception error = catchThrowableOfType(S3Exception.class, () -> Md5.parseHeader(bad));
            assertThat(error.code()).isEqualTo(S3ErrorCode.INVALID_DIGEST);
        }
        assertThat(Md5.parseHeader("rL0Y20xC+Fzt72VPzMSk2A==")).hasSize(16);
    }

    @Test
    void readsTheChecksumOfARequestFromHeaderOrTrailerButNotBoth() {
        HeaderLines header = HeaderLines.of("x-amz-checksum-crc32", "y/Q5Jg==");
        RequestChecksums found = RequestChecksums.of(header, List.of());
        assertThat(found.value().orElseThrow().toCrc()).isEqualTo(0xCBF43926L);
        assertThat(RequestChecksums.of(HeaderLines.of(), List.of("x-amz-checksum-sha256"))
                        .inTrailer())
                .isTrue();
        S3Exception error = catchThrowableOfType(
                S3Exception.class, () -> RequestChecksums.of(header, List.of("x-amz-checksum-crc32c")));
        assertThat(error.code()).isEqualTo(S3ErrorCode.INVALID_REQUEST);
    }

    @Test
    void computesOnlyWhatIsAsked() {
        var digest = new PayloadDigest(false, Set.of(), false);
        digest.update(ByteBuffer.wrap(CHECK));
        PayloadDigest.Result result = digest.finish();
        assertThat(result.md5()).isEmpty();
        assertThat(result.checksum(ChecksumAlgorithm.SHA256)).isEmpty();
        assertThat(result.lengthBytes()).isEqualTo(9);
    }
}
