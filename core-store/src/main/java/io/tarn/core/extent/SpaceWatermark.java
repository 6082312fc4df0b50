package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps the last part of the file system free of appends. The file system is asked again after each {@value #RECHECK_BYTES}
 * bytes appended, and at every append while space is short, so that writing goes on as soon as there is room. Thread-safe.
 */
final class SpaceWatermark {
    private static final long RECHECK_BYTES = 16L << 20;

    private final LongSupplier usableBytes;
    private final long reserveBytes;
    /** Bytes that may still be appended before the file system is asked again. */
    private final AtomicLong allowance = new AtomicLong();

    SpaceWatermark(final LongSupplier usableBytes, final long reserveBytes) {
        this.usableBytes = usableBytes;
        this.reserveBytes = reserveBytes;
    }

    void requireRoom(final long bytes) {
        if (allowance.addAndGet(-bytes) >= 0) {
            return;
        }
        final long free = usableBytes.getAsLong() - reserveBytes - bytes;
        if (free < 0) {
            throw new StorageException(
                    Failure.OUT_OF_SPACE,
                    "appends stop: the last " + reserveBytes + " bytes of the disk are kept free");
        }
        // of what is free a half, since other writers of the disk are not seen between two looks
        allowance.set(Math.min(RECHECK_BYTES, free / 2));
    }
}
