package io.tarn.s3.checksum;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** MD5 values: Content-MD5 and ETags. */
public final class Md5 {
    /** Bytes of a value. */
    public static final int LENGTH_BYTES = 16;

    private Md5() {}

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Reads Content-MD5. Fails with InvalidDigest unless it is base64 of 16 bytes. */
    public static byte[] parseHeader(final String base64) {
        return Base64Values.decode(base64.strip(), LENGTH_BYTES)
                .orElseThrow(() -> new S3Exception(S3ErrorCode.INVALID_DIGEST).with("Content-MD5", base64));
    }

    /** The ETag of an object written in one go: its MD5 in hexadecimal, without quotes. */
    public static String etag(final byte[] md5) {
        return HexFormat.of().formatHex(md5);
    }

    /** The ETag of a multipart object: the MD5 over the MD5s of its parts, and their number. */
    public static String multipartEtag(final List<byte[]> partMd5s) {
        MessageDigest digest = newDigest();
        partMd5s.forEach(digest::update);
        return etag(digest.digest()) + "-" + partMd5s.size();
    }

    /** The MD5 behind an ETag of the plain form; empty for any other. */
    public static Optional<byte[]> fromEtag(final String bareEtag) {
        if (bareEtag.length() != 2 * LENGTH_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(bareEtag));
        } catch (IllegalArgumentException notHex) {
            return Optional.empty();
        }
    }
}
