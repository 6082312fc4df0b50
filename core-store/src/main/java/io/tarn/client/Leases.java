package io.tarn.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The right of one writer at a time to a file, as HDFS has it. A holder is a client behind this one, named as it likes; it renews all
 * its leases at once. Who asks for a file whose holder has not renewed for the soft limit gets it; what the old holder still commits
 * under its lease is refused. All is decided in the log, by its time. Thread-safe.
 */
public interface Leases {
    /**
     * A lease that was given.
     *
     * @param inode the file
     * @param holder whose it is
     * @param epoch rises with every lease on the file
     */
    record Lease(long inode, Key holder, long epoch) {}

    /** A lease as anybody sees it; {@code renewedNanos} is 0 when its holder is gone. */
    record Held(long inode, Key holder, boolean own, long renewedNanos) {}

    /**
     * Takes the lease on a file; one's own is renewed under a new epoch.
     *
     * @param softLimit how long another holder may have been silent without losing it
     * @throws io.tarn.core.StorageException {@code LOCKED} while another holder's lease is good
     */
    Lease acquire(long inode, Key holder, Duration softLimit);

    /** Takes the lease whoever holds it: the first step of recovery. The old holder's commits fail from now on. */
    Lease takeOver(long inode, Key holder);

    /** Renews all leases of a holder; {@code NOT_FOUND} when it has none any more. */
    void renew(Key holder);

    /** Gives a lease back; {@code NOT_FOUND} when it has passed on. */
    void release(Lease lease);

    /** Who holds the lease on a file. */
    Optional<Held> holder(long inode);

    /** Leases in order of inodes, those above {@code afterInode}: for the hard limit, which somebody has to enforce. */
    List<Held> list(long afterInode, int limit);
}
