package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A ledger in memory that keeps what it was told and can be out of order for a while. */
final class RecordingLedger implements ExtentLedger {
    final Map<ExtentId, Long> sealed = new ConcurrentHashMap<>();
    final Set<ExtentId> released = ConcurrentHashMap.newKeySet();
    private final AtomicLong next = new AtomicLong(1);
    volatile boolean unavailable;

    @Override
    public Allocation allocate(final long volume) {
        requireAvailable();
        return new Allocation(new ExtentId(next.getAndIncrement()), 1);
    }

    @Override
    public void seal(final ExtentId extent, final long epoch, final long length) {
        requireAvailable();
        final Long before = sealed.put(extent, length);
        if (before != null && before != length) {
            throw new AssertionError(extent + " sealed at " + before + " and at " + length);
        }
    }

    @Override
    public void release(final ExtentId extent, final long epoch) {
        requireAvailable();
        if (!sealed.containsKey(extent)) {
            throw new AssertionError(extent + " released before it was sealed");
        }
        released.add(extent);
    }

    int allocated() {
        return (int) next.get() - 1;
    }

    private void requireAvailable() {
        if (unavailable) {
            throw new StorageException(Failure.UNAVAILABLE, "no leader");
        }
    }
}
