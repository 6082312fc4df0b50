package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one extent on this node: fence, seal, punch, delete. A lock is held through each of these, disk waits included,
 * so that they follow each other; appends and reads go to the {@link ExtentTail} past it.
 */
final class ExtentFile {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentFile.class);

    private final ReentrantLock control = new ReentrantLock();
    private final ExtentId extent;
    private final ExtentTail tail;
    private final OpenFiles files;
    /** Whether the seal is known to be on the medium; one that was found at start may be what another process could not force. */
    private boolean sealConfirmed;

    ExtentFile(final ExtentId extent, final ExtentTail tail, final OpenFiles files) {
        this.extent = extent;
        this.tail = tail;
        this.files = files;
    }

    ExtentTail tail() {
        return tail;
    }

    /** Refuses every append from here on and returns the length up to which this copy is whole and durable. */
    long fence(final long epoch) {
        control.lock();
        try {
            if (!tail.refuseAppends(epoch)) {
                confirmSeal();
                return tail.header().sealedLength();
            }
            final long length = tail.secure();
            if (epoch > tail.header().epoch()) {
                tail.change(tail.header().fenced(epoch));
            }
            return length;
        } finally {
            control.unlock();
        }
    }

    void seal(final long epoch, final long length) {
        control.lock();
        try {
            tail.requireSealable(length);
            if (!tail.refuseAppends(epoch)) {
                if (tail.header().sealedLength() != length) {
                    throw new StorageException(
                            Failure.CONFLICT,
                            "extent " + extent + " is sealed at "
                                    + tail.header().sealedLength());
                }
                confirmSeal();
                return;
            }
            if (length > tail.durable() && tail.secure() < length) {
                throw new StorageException(
                        Failure.CORRUPT,
                        "extent " + extent + " is whole to " + tail.durable() + " only, not to " + length);
            }
            tail.change(tail.header().sealed(epoch, length));
            finishSeal(length);
        } finally {
            control.unlock();
        }
    }

    /** Seals what a crash left open, at all that is whole of it. */
    long sealRecovered() {
        control.lock();
        try {
            if (tail.info().state() == ExtentInfo.State.OPEN) {
                throw new StorageException(Failure.CONFLICT, "extent " + extent + " is being written");
            }
            final long length = fence(tail.header().epoch());
            seal(tail.header().epoch(), length);
            return length;
        } finally {
            control.unlock();
        }
    }

    /** Gives ranges of a sealed extent back; durable on return. */
    void punch(final List<ByteRange> ranges) {
        control.lock();
        try {
            if (tail.info().state() != ExtentInfo.State.SEALED) {
                throw new StorageException(Failure.CONFLICT, "extent " + extent + " is not sealed");
            }
            for (final ByteRange range : ranges) {
                if (range.from() < ExtentHeader.DATA_START
                        || range.to() > tail.header().sealedLength()) {
                    throw new StorageException(Failure.INVALID_ARGUMENT, range + " is not within extent " + extent);
                }
            }
            try (OpenFiles.Lease lease = files.lease(extent)) {
                ranges.forEach(range -> lease.file().punchHole(range.from(), range.length()));
                lease.file().force();
            }
        } finally {
            control.unlock();
        }
    }

    /** Refuses everything from here on, then runs {@code unlink}; when that fails the extent stays, without a writer. */
    void delete(final Runnable unlink) {
        control.lock();
        try {
            tail.abort();
            unlink.run();
            tail.deleted();
        } finally {
            control.unlock();
        }
    }

    private void confirmSeal() {
        if (!sealConfirmed) {
            // written again, since a force does not cover what an earlier one failed on
            tail.change(
                    tail.header().sealed(tail.header().epoch(), tail.header().sealedLength()));
            sealConfirmed = true;
        }
    }

    private void finishSeal(final long length) {
        tail.sealed(length);
        sealConfirmed = true;
        try {
            // in both slots, or one rotten page would bring the open state back
            tail.change(tail.header().sealed(tail.header().epoch(), length));
            tail.cutTail(length);
        } catch (StorageException e) {
            LOG.warn("extent {} is sealed, but not tidied up: {}", extent, e.getMessage());
        }
        tail.releaseWriter();
    }
}
