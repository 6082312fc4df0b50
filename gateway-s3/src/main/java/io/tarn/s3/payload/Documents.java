package io.tarn.s3.payload;

import io.tarn.s3.call.Call;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Reads the documents that requests carry, into memory and within a bound. */
public final class Documents {
    /** Longest document where its kind sets no bound of its own. */
    public static final int MAX_BYTES = 64 * 1024;

    private Documents() {}

    /** A document of at most {@link #MAX_BYTES}. */
    public static byte[] read(final Call call) {
        return read(call, MAX_BYTES);
    }

    /** The document, checked against what the client claims of it. Fails with MaxMessageLengthExceeded. */
    public static byte[] read(final Call call, final int maxBytes) {
        return read(Payload.ofDocument(call), maxBytes);
    }

    /** The same for a document that AWS takes only with a digest. Fails with InvalidRequest when it comes without. */
    public static byte[] readGuarded(final Call call, final int maxBytes) {
        Payload payload = Payload.ofDocument(call);
        if (!payload.isGuarded()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        return read(payload, maxBytes);
    }

    private static byte[] read(final Payload payload, final int maxBytes) {
        if (payload.expectedLength().orElse(0) > maxBytes) {
            throw tooLong(maxBytes);
        }
        var document = new ByteArrayOutputStream(4096);
        payload.receive(bytes -> take(bytes, document, maxBytes));
        return document.toByteArray();
    }

    private static void take(final ByteBuffer bytes, final ByteArrayOutputStream document, final int maxBytes) {
        if (document.size() + bytes.remaining() > maxBytes) {
            throw tooLong(maxBytes);
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        document.writeBytes(copy);
    }

    private static S3Exception tooLong(final int maxBytes) {
        return new S3Exception(S3ErrorCode.MAX_MESSAGE_LENGTH_EXCEEDED)
                .with("MaxMessageLengthBytes", String.valueOf(maxBytes));
    }
}
