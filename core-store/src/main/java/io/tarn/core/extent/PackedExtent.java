package io.tarn.core.extent;

import io.tarn.core.StorageException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An extent from its allocation to its release, as its writer sees it. Legal ways: writing → retired (no new appends) → sealed
 * (nothing in flight any more) → released (no block without a name). Thread-safe; only {@link #settle} blocks.
 */
final class PackedExtent {
    private static final Logger LOG = LoggerFactory.getLogger(PackedExtent.class);

    private final ReentrantLock settling = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final ExtentLedger.Allocation allocation;
    private long next = ExtentTarget.FIRST_OFFSET;
    private long acknowledged = ExtentTarget.FIRST_OFFSET;
    private int inFlight;
    /** Blocks in flight, or acknowledged while nobody has said whether a name refers to them. */
    private int uncommitted;

    private long lastUsedNanos;
    private boolean retired;
    private boolean sealed;

    PackedExtent(final ExtentLedger.Allocation allocation, final long nowNanos) {
        this.allocation = allocation;
        this.lastUsedNanos = nowNanos;
    }

    ExtentId id() {
        return allocation.extent();
    }

    long epoch() {
        return allocation.epoch();
    }

    /** Takes the place for the next append; false when the extent is retired or would grow beyond {@code limit}. */
    boolean begin(final int payloadBytes, final long limit) {
        lock.lock();
        try {
            if (retired || next + ExtentTarget.appendedBytes(payloadBytes) > limit) {
                return false;
            }
            inFlight++;
            uncommitted++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        return next() == ExtentTarget.FIRST_OFFSET;
    }

    long next() {
        lock.lock();
        try {
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** The append begun last was accepted: the next one goes behind it. What is refused does not count as use. */
    void accepted(final int payloadBytes, final long nowNanos) {
        lock.lock();
        try {
            lastUsedNanos = nowNanos;
            next += ExtentTarget.appendedBytes(payloadBytes);
        } finally {
            lock.unlock();
        }
    }

    void acknowledged(final Block block) {
        lock.lock();
        try {
            inFlight--;
            acknowledged = Math.max(acknowledged, RecordFormat.end(block));
        } finally {
            lock.unlock();
        }
    }

    void failed() {
        lock.lock();
        try {
            inFlight--;
            uncommitted--;
        } finally {
            lock.unlock();
        }
    }

    /** The fate of {@code blocks} acknowledged blocks is decided: named, or given up. */
    void decided(final int blocks) {
        lock.lock();
        try {
            uncommitted -= blocks;
        } finally {
            lock.unlock();
        }
    }

    void retire() {
        lock.lock();
        try {
            retired = true;
        } finally {
            lock.unlock();
        }
    }

    boolean idleSince(final long nanos) {
        lock.lock();
        try {
            return inFlight == 0 && lastUsedNanos - nanos <= 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Goes as far towards release as is possible now.
     *
     * @return whether it is released; when not, because something is in flight or the ledger failed, to be called again
     */
    boolean settle(final ExtentLedger ledger, final ExtentTarget target) {
        if (!settling.tryLock()) {
            return false;
        }
        try {
            if (!sealed) {
                if (busy()) {
                    return false;
                }
                seal(ledger, target);
                sealed = true;
            }
            if (undecided()) {
                return false;
            }
            ledger.release(id(), epoch());
            return true;
        } catch (StorageException e) {
            LOG.warn("extent {} could not be sealed or released yet: {}", id(), e.getMessage());
            return false;
        } finally {
            settling.unlock();
        }
    }

    private void seal(final ExtentLedger ledger, final ExtentTarget target) {
        final long length = acknowledgedLength();
        try {
            target.seal(id(), epoch(), length);
        } catch (StorageException e) {
            // the ledger's word is what counts; a copy that cannot be sealed now is sealed when its node recovers
            LOG.warn("a copy of extent {} could not be sealed at {}: {}", id(), length, e.getMessage());
        }
        ledger.seal(id(), epoch(), length);
    }

    private long acknowledgedLength() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }

    private boolean busy() {
        lock.lock();
        try {
            return inFlight > 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean undecided() {
        lock.lock();
        try {
            return uncommitted > 0;
        } finally {
            lock.unlock();
        }
    }
}
