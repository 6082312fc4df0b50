package io.tarn.s3.call;

import io.tarn.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The bytes a client sends, as they arrive. Read by one virtual thread; bounded: while nobody reads, the connection is not read
 * from either.
 */
public interface RequestBody {
    /**
     * Waits for more bytes. The buffer is valid until the next call.
     *
     * @return what came, never empty; nothing at the end of the body
     * @throws S3Exception IncompleteBody when the connection broke, RequestTimeout when the client is too slow
     */
    Optional<ByteBuffer> next();
}
