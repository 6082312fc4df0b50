package io.tarn.client;

import java.nio.ByteBuffer;

/**
 * One version of one file opened for reading: its bytes stay readable, whatever happens to the name, until {@link #close}.
 * Thread-safe.
 */
public interface ContentReader extends AutoCloseable {
    ObjectInfo info();

    /**
     * Fills {@code target} from {@code offset} on, up to the end of the content; checksums are verified before anything is
     * handed out. Holes read as zeros.
     *
     * @return bytes read; 0 at or beyond the end
     */
    int read(long offset, ByteBuffer target);

    @Override
    void close();
}
