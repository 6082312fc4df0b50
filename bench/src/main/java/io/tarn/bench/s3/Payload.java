package io.tarn.bench.s3;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Incompressible object contents, different for neighbouring objects and known again when they are read back: object {@code i}
 * of any size is a window of one random buffer, placed by {@code i}. Costs no work per object. Thread-safe.
 */
public final class Payload {
    private static final int WINDOWS = 4096;
    private static final int WINDOW_STEP_BYTES = 64;
    private static final long SEED = 0x7461726eL;

    private final ByteBuffer random;

    /**
     * Fills the buffer.
     *
     * @param maxSizeBytes largest object that will be asked for
     */
    public Payload(final int maxSizeBytes) {
        final int size = Math.ceilDiv(maxSizeBytes + WINDOWS * WINDOW_STEP_BYTES, Long.BYTES) * Long.BYTES;
        final ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        final SplittableRandom source = new SplittableRandom(SEED);
        while (buffer.hasRemaining()) {
            buffer.putLong(source.nextLong());
        }
        random = buffer.flip().asReadOnlyBuffer();
    }

    /** The contents of an object: a fresh view, no copy. */
    public ByteBuffer of(final int sizeBytes, final long object) {
        return random.slice((int) Math.floorMod(object, (long) WINDOWS) * WINDOW_STEP_BYTES, sizeBytes);
    }
}
