package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed amount of direct memory, lent in power-of-two sizes from 4 KiB to 4 MiB. Slabs of 4 MiB are allocated when first
 * needed, never beyond the bound, and halved as asked for (a buddy allocator), so that no mix of sizes strands memory and
 * nothing waits for the garbage collector.
 *
 * <p>Thread-safe. Borrowing and giving back cost one lock and a walk of ten steps; a borrower waits while all is lent.
 * Whoever holds a buffer must not wait for another one of the same pool without a timeout.
 */
public final class BufferPool {
    public static final int MIN_BUFFER_BYTES = 4 << 10;
    public static final int MAX_BUFFER_BYTES = 4 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private final List<Slab> slabs = new ArrayList<>();
    private final int maxSlabs;
    private long lentBytes;

    /** @param maxBytes most memory ever held; rounded up to 4 MiB */
    public BufferPool(final long maxBytes) {
        this.maxSlabs = Math.toIntExact(Math.max(1, Math.ceilDiv(maxBytes, MAX_BUFFER_BYTES)));
    }

    /**
     * Lends a buffer of at least {@code bytes}, waiting until one is free.
     *
     * @throws StorageException {@link Failure#UNAVAILABLE} when none came free in time or the thread was interrupted
     */
    public PooledBuffer borrow(final int bytes, final Duration patience) {
        final int size = sizeClass(bytes);
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (true) {
                final Optional<PooledBuffer> lent = lend(size);
                if (lent.isPresent()) {
                    return lent.get();
                }
                if (nanos <= 0) {
                    throw new StorageException(
                            Failure.UNAVAILABLE, "no buffer of " + size + " bytes came free within " + patience);
                }
                nanos = returned.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while waiting for a buffer", e);
        } finally {
            lock.unlock();
        }
    }

    /** Lends a buffer of at least {@code bytes} if one is free now. */
    public Optional<PooledBuffer> tryBorrow(final int bytes) {
        final int size = sizeClass(bytes);
        lock.lock();
        try {
            return lend(size);
        } finally {
            lock.unlock();
        }
    }

    /** Bytes lent at this moment. */
    public long lentBytes() {
        lock.lock();
        try {
            return lentBytes;
        } finally {
            lock.unlock();
        }
    }

    private Optional<PooledBuffer> lend(final int size) {
        for (final Slab slab : slabs) {
            final int offset = slab.take(size);
            if (offset >= 0) {
                return Optional.of(lent(slab, offset, size));
            }
        }
        if (slabs.size() == maxSlabs) {
            return Optional.empty();
        }
        final Slab slab = new Slab(MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        slabs.add(slab);
        return Optional.of(lent(slab, slab.take(size), size));
    }

    private PooledBuffer lent(final Slab slab, final int offset, final int size) {
        lentBytes += size;
        final ByteBuffer view = slab.view(offset, size);
        return new PooledBuffer(view, () -> giveBack(slab, offset, size));
    }

    private void giveBack(final Slab slab, final int offset, final int size) {
        lock.lock();
        try {
            slab.giveBack(offset, size);
            lentBytes -= size;
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static int sizeClass(final int bytes) {
        if (bytes <= 0 || bytes > MAX_BUFFER_BYTES) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
        }
        return Math.max(MIN_BUFFER_BYTES, Integer.highestOneBit(bytes * 2 - 1));
    }

    /** Waiting time that only a stuck system exceeds; used where the holder of a buffer never waits for anything but the disk. */
    static Duration diskPatience() {
        return Duration.ofNanos(TimeUnit.SECONDS.toNanos(60));
    }
}
