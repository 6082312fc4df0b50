package io.tarn.client;

import java.nio.ByteBuffer;

/**
 * Takes the bytes of one file in order. Not thread-safe. Memory is bounded: {@link #write} blocks while too much is in flight.
 *
 * <p>{@link #close} after a successful commit does nothing; before one it gives the written bytes up to be reclaimed. So:
 * <pre>{@code
 * try (ContentWriter writer = objects.write(volume)) {
 *     writer.write(buffer);
 *     objects.put(request with writer.finish());
 * }
 * }</pre>
 */
public interface ContentWriter extends AutoCloseable {
    /** Consumes all of {@code bytes}; the buffer may be reused when this returns. */
    void write(ByteBuffer bytes);

    /** Blocks until everything written is durable on every replica. Small contents stay in memory and ride in the commit. */
    Content finish();

    @Override
    void close();
}
