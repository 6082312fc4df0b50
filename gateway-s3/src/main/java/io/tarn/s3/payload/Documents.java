package io.tarn.s3.payload;

import io.tarn.s3.call.Call;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Reads the documents that requests carry, into memory and within a bound. */
public final class Documents {
    /** Longest document: a deletion of 1,000 keys of 1,024 bytes that all need escaping is just below. */
    public static final int MAX_BYTES = 8 * 1024 * 1024;

    private Documents() {}

    /** The document, checked against what the client claims of it. Fails with MaxMessageLengthExceeded. */
    public static byte[] read(final Call call) {
        Payload payload = Payload.ofDocument(call);
        if (payload.expectedLength().orElse(0) > MAX_BYTES) {
            throw tooLong();
        }
        var document = new ByteArrayOutputStream(4096);
        payload.receive(bytes -> take(bytes, document));
        return document.toByteArray();
    }

    private static void take(final ByteBuffer bytes, final ByteArrayOutputStream document) {
        if (document.size() + bytes.remaining() > MAX_BYTES) {
            throw tooLong();
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        document.writeBytes(copy);
    }

    private static S3Exception tooLong() {
        return new S3Exception(S3ErrorCode.MAX_MESSAGE_LENGTH_EXCEEDED)
                .with("MaxMessageLengthBytes", String.valueOf(MAX_BYTES));
    }
}
