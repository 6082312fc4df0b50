package io.tarn.core.session;

import io.tarn.core.StorageException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commits of a file that failed, counted by the lease they were written under: whoever took that over has lost nothing. An entry for each
 * lease that lost something. Thread-safe.
 */
final class LostCommits {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Long> counts = new HashMap<>();
    private Optional<StorageException> last = Optional.empty();

    /** Counts a failure and gives it back. */
    StorageException add(final long leaseEpoch, final StorageException failed) {
        lock.lock();
        try {
            counts.merge(leaseEpoch, 1L, Long::sum);
            last = Optional.of(failed);
            return failed;
        } finally {
            lock.unlock();
        }
    }

    long count(final long leaseEpoch) {
        lock.lock();
        try {
            return counts.getOrDefault(leaseEpoch, 0L);
        } finally {
            lock.unlock();
        }
    }

    /** The last failure, to be thrown to somebody else; there has been one. */
    StorageException last() {
        lock.lock();
        try {
            final StorageException failure = last.orElseThrow();
            return new StorageException(failure.failure(), failure.getMessage(), failure);
        } finally {
            lock.unlock();
        }
    }
}
