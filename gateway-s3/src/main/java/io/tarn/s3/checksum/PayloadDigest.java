package io.tarn.s3.checksum;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Several digests over one stream of bytes: MD5 for the ETag, any of S3's checksums, SHA-256 for the signature.
 *
 * <p>Cost: bytes of heap buffers are read in place, those of direct ones are copied to the heap once, in pieces of
 * {@value #PIECE_BYTES} bytes that stay in the processor's first cache while each digest reads them: MessageDigest would copy
 * them anyway. MD5, SHA-1, SHA-256, CRC32 and CRC32C are intrinsics.
 * Not thread-safe; one body's.
 */
public final class PayloadDigest {
    private static final int PIECE_BYTES = 16 * 1024;

    private final Optional<MessageDigest> md5;
    private final Optional<MessageDigest> sha256;
    private final Optional<MessageDigest> sha1;
    private final Map<ChecksumAlgorithm, java.util.zip.Checksum> crcs = new EnumMap<>(ChecksumAlgorithm.class);
    private final boolean sha256IsChecksum;
    private Optional<byte[]> piece = Optional.empty();
    private long lengthBytes;

    /**
     * Digests to compute.
     *
     * @param withMd5 whether MD5 is wanted
     * @param algorithms the checksums wanted
     * @param withContentSha256 whether SHA-256 is wanted for {@code x-amz-content-sha256}; computed once if it is also a checksum
     */
    public PayloadDigest(
            final boolean withMd5, final Set<ChecksumAlgorithm> algorithms, final boolean withContentSha256) {
        sha256IsChecksum = algorithms.contains(ChecksumAlgorithm.SHA256);
        md5 = withMd5 ? Optional.of(Md5.newDigest()) : Optional.empty();
        sha256 = sha256IsChecksum || withContentSha256 ? Optional.of(newDigest("SHA-256")) : Optional.empty();
        sha1 = algorithms.contains(ChecksumAlgorithm.SHA1) ? Optional.of(newDigest("SHA-1")) : Optional.empty();
        for (ChecksumAlgorithm algorithm : algorithms) {
            switch (algorithm) {
                case CRC32 -> crcs.put(algorithm, new CRC32());
                case CRC32C -> crcs.put(algorithm, new CRC32C());
                case CRC64NVME -> crcs.put(algorithm, new Crc64Nvme());
                case SHA1, SHA256 -> {
                    // held above
                }
            }
        }
    }

    private static MessageDigest newDigest(final String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + name, e);
        }
    }

    /** Takes in the buffer's remaining bytes; its position does not move. */
    public void update(final ByteBuffer bytes) {
        final int length = bytes.remaining();
        lengthBytes += length;
        if (bytes.hasArray()) {
            update(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
            return;
        }
        if (piece.isEmpty()) {
            piece = Optional.of(new byte[PIECE_BYTES]);
        }
        final byte[] copy = piece.get();
        for (int at = 0; at < length; at += PIECE_BYTES) {
            final int step = Math.min(PIECE_BYTES, length - at);
            bytes.get(bytes.position() + at, copy, 0, step);
            update(copy, 0, step);
        }
    }

    private void update(final byte[] bytes, final int offset, final int length) {
        if (md5.isPresent()) {
            md5.get().update(bytes, offset, length);
        }
        if (sha256.isPresent()) {
            sha256.get().update(bytes, offset, length);
        }
        if (sha1.isPresent()) {
            sha1.get().update(bytes, offset, length);
        }
        for (java.util.zip.Checksum crc : crcs.values()) {
            crc.update(bytes, offset, length);
        }
    }

    /** Bytes taken in so far. */
    public long lengthBytes() {
        return lengthBytes;
    }

    /** Ends the stream; the digests cannot go on after it. */
    public Result finish() {
        var checksums = new EnumMap<ChecksumAlgorithm, Checksum>(ChecksumAlgorithm.class);
        crcs.forEach((algorithm, crc) -> checksums.put(algorithm, Checksum.ofCrc(algorithm, crc.getValue())));
        sha1.ifPresent(
                digest -> checksums.put(ChecksumAlgorithm.SHA1, Checksum.of(ChecksumAlgorithm.SHA1, digest.digest())));
        Optional<Checksum> contentSha256 = sha256.map(digest -> Checksum.of(ChecksumAlgorithm.SHA256, digest.digest()));
        if (sha256IsChecksum) {
            contentSha256.ifPresent(checksum -> checksums.put(ChecksumAlgorithm.SHA256, checksum));
        }
        return new Result(md5.map(MessageDigest::digest), checksums, contentSha256, lengthBytes);
    }

    /** What came out, and the comparisons with what the client claimed. */
    public static final class Result {
        private final Optional<byte[]> md5;
        private final Map<ChecksumAlgorithm, Checksum> checksums;
        private final Optional<Checksum> contentSha256;
        private final long lengthBytes;

        private Result(
                final Optional<byte[]> md5,
                final Map<ChecksumAlgorithm, Checksum> checksums,
                final Optional<Checksum> contentSha256,
                final long lengthBytes) {
            this.md5 = md5;
            this.checksums = checksums;
            this.contentSha256 = contentSha256;
            this.lengthBytes = lengthBytes;
        }

        /** The MD5, if it was wanted. */
        public Optional<byte[]> md5() {
            return md5.map(byte[]::clone);
        }

        /** A checksum, if it was wanted. */
        public Optional<Checksum> checksum(final ChecksumAlgorithm algorithm) {
            return Optional.ofNullable(checksums.get(algorithm));
        }

        /** Bytes taken in. */
        public long lengthBytes() {
            return lengthBytes;
        }

        /** Compares with Content-MD5. Fails with BadDigest. */
        public void requireMd5(final byte[] expected) {
            if (!MessageDigest.isEqual(md5.orElseThrow(), expected)) {
                throw new S3Exception(S3ErrorCode.BAD_DIGEST)
                        .with("ExpectedDigest", HexFormat.of().formatHex(expected))
                        .with("CalculatedDigest", HexFormat.of().formatHex(md5.orElseThrow()));
            }
        }

        /** Compares with a checksum header or trailer. Fails with BadDigest, as AWS does for checksums of content. */
        public void requireChecksum(final Checksum expected) {
            Checksum computed = checksum(expected.algorithm()).orElseThrow();
            if (!computed.equals(expected)) {
                throw new S3Exception(
                        S3ErrorCode.BAD_DIGEST,
                        "The " + expected.algorithm() + " you specified did not match the calculated checksum.");
            }
        }

        /** Compares with {@code x-amz-content-sha256}. Fails with XAmzContentSHA256Mismatch. */
        public void requireContentSha256(final String hex) {
            byte[] computed = contentSha256.orElseThrow().toBytes();
            String computedHex = HexFormat.of().formatHex(computed);
            if (!computedHex.equalsIgnoreCase(hex)) {
                throw new S3Exception(S3ErrorCode.X_AMZ_CONTENT_SHA256_MISMATCH)
                        .with("ClientComputedContentSHA256", hex)
                        .with("S3ComputedContentSHA256", computedHex);
            }
        }
    }
}
