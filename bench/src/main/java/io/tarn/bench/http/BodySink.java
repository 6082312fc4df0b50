package io.tarn.bench.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Receives a response body piece by piece, in order. Called on the thread that runs the exchange. */
@FunctionalInterface
public interface BodySink {
    /** Ignores the body; its length is still verified by the connection. */
    BodySink DISCARD = chunk -> chunk.position(chunk.limit());

    /**
     * Takes the next bytes of the body.
     *
     * @param chunk valid only during the call; bytes left unread are dropped
     * @throws IOException when the bytes are not what was expected; the exchange is then abandoned
     */
    void accept(ByteBuffer chunk) throws IOException;
}
