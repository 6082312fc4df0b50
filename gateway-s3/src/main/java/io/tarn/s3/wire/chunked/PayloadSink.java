package io.tarn.s3.wire.chunked;

import java.nio.ByteBuffer;

/** Takes decoded payload. */
@FunctionalInterface
public interface PayloadSink {
    /**
     * Takes some payload. The buffer is a view of the one fed to the decoder, valid as long as that one's memory is; position
     * and limit are the taker's to move.
     */
    void accept(ByteBuffer payload);
}
