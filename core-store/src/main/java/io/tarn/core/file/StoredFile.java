package io.tarn.core.file;

import java.nio.ByteBuffer;

/**
 * An open file with positional access. Thread-safe: reads and writes of disjoint ranges may run in parallel. Interrupting a
 * thread neither aborts a call nor closes the file.
 */
public interface StoredFile extends AutoCloseable {
    /**
     * Writes all remaining bytes of the sources one after the other, beginning at {@code offset}, and advances their positions.
     * On failure any part may have been written and the positions are unspecified.
     */
    void write(long offset, ByteBuffer... sources);

    /**
     * Fills the destinations one after the other from {@code offset} and advances their positions.
     *
     * @return bytes read; fewer than asked for only when the file ends there
     */
    long read(long offset, ByteBuffer... destinations);

    /**
     * Makes everything written so far, and the size, survive a crash (fdatasync). After a failure nothing is known about any
     * byte that was not forced before, and a later success does not cover it: such bytes have to be written again.
     */
    void force();

    /** Cuts or extends (with zeros) to {@code size} bytes. */
    void truncate(long size);

    /**
     * Gives the space of a range back; it reads as zeros afterwards and the size stays. Fails with
     * {@link io.tarn.core.Failure#UNSUPPORTED} when the file system has no holes.
     */
    void punchHole(long offset, long length);

    /**
     * Says that a range will hardly be read soon, so that its memory may serve something else. Only what was forced is let go;
     * no byte changes and reads go on as before, from the disk. Advice: where it cannot be followed nothing happens.
     */
    void forgetCached(long offset, long length);

    /** Current size in bytes. */
    long size();

    /** Waits for calls in flight, then closes; calls after that fail. Closing twice is harmless. */
    @Override
    void close();
}
