package io.tarn.posix.fs;

import io.tarn.client.Locks;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.posix.fs.Failures.Doing;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Locks of fcntl(2) and flock(2), which hold across all mounts. Who has had a lock of a file is remembered, so that closing one that nobody
 * has locked costs nothing. A waiting caller may be interrupted. Thread-safe.
 */
final class LockOperations {
    /** As good as for ever; a wait ends by a grant, an interrupt or the end of the client. */
    private static final Duration FOREVER = Duration.ofDays(365);
    /** The kernel has no number for what it cannot see (fcntl(2), l_pid). */
    private static final int PROCESS_ELSEWHERE = 0;

    private final MountPoint mount;
    private final Set<Owner> owners = ConcurrentHashMap.newKeySet();

    /** Whose locks of what. */
    private record Owner(long inode, long owner, boolean whole) {}

    LockOperations(final MountPoint mount) {
        this.mount = mount;
    }

    private static Locks.Range range(final LockWish wish) {
        if (wish.whole()) {
            return new Locks.Whole();
        }
        if (wish.start() < 0 || wish.last() < wish.start()) {
            throw Errno.EINVAL.exception();
        }
        return new Locks.Bytes(wish.start(), wish.last() == Long.MAX_VALUE ? Long.MAX_VALUE : wish.last() + 1);
    }

    private static Locks.Lock lock(final long inode, final LockWish wish) {
        return new Locks.Lock(inode, wish.owner(), range(wish), wish.kind() == LockWish.Kind.EXCLUSIVE, wish.pid());
    }

    LockWish test(final long inode, final LockWish wish) {
        if (wish.kind() == LockWish.Kind.NONE) {
            throw Errno.EINVAL.exception();
        }
        final Locks.Lock lock = lock(inode, wish);
        final Optional<Locks.Holder> holder =
                mount.patience().query(Doing.LOCK, () -> mount.locks().conflict(lock));
        return holder.map(LockOperations::held)
                .orElse(new LockWish(
                        wish.owner(), LockWish.Kind.NONE, wish.whole(), wish.start(), wish.last(), wish.pid()));
    }

    private static LockWish held(final Locks.Holder holder) {
        final LockWish.Kind kind = holder.exclusive() ? LockWish.Kind.EXCLUSIVE : LockWish.Kind.SHARED;
        final int pid = holder.sameSession() ? holder.process() : PROCESS_ELSEWHERE;
        return switch (holder.range()) {
            case final Locks.Whole whole -> new LockWish(0, kind, true, 0, Long.MAX_VALUE, pid);
            case final Locks.Bytes bytes ->
                new LockWish(
                        0,
                        kind,
                        false,
                        bytes.start(),
                        bytes.end() == Long.MAX_VALUE ? Long.MAX_VALUE : bytes.end() - 1,
                        pid);
        };
    }

    void lock(final long inode, final LockWish wish, final boolean wait) {
        if (wish.kind() == LockWish.Kind.NONE) {
            release(inode, wish.owner(), range(wish));
            return;
        }
        final Locks.Lock lock = lock(inode, wish);
        owners.add(new Owner(inode, wish.owner(), wish.whole()));
        final Locks.Result result = wait
                ? waitFor(lock)
                : mount.patience().repeatable(Doing.LOCK, () -> mount.locks().tryLock(lock));
        switch (result) {
            case final Locks.Granted granted -> {}
            case final Locks.Busy busy -> throw Errno.EAGAIN.exception();
            case final Locks.Deadlock deadlock -> throw Errno.EDEADLK.exception();
            case final Locks.TimedOut late -> throw Errno.EAGAIN.exception();
        }
    }

    /** On the caller's own thread, for it is to be interrupted; the client withdraws the wish then. */
    private Locks.Result waitFor(final Locks.Lock lock) {
        return mount.patience().query(Doing.LOCK, () -> {
            try {
                return mount.locks().lock(lock, FOREVER);
            } catch (final StorageException failed) {
                if (failed.failure() == Failure.UNAVAILABLE && Thread.interrupted()) {
                    throw Errno.EINTR.exception();
                }
                throw failed;
            }
        });
    }

    private void release(final long inode, final long owner, final Locks.Range range) {
        mount.patience().repeatable(Doing.LOCK, () -> mount.locks().unlock(inode, owner, range));
    }

    /**
     * A descriptor is closed: its owner's byte-range locks fall.
     *
     * @param inherited whether locks may have been taken by an earlier process of this mount
     */
    void releaseBytes(final long inode, final long owner, final boolean inherited) {
        if (owners.remove(new Owner(inode, owner, false)) || inherited) {
            release(inode, owner, new Locks.Bytes(0, Long.MAX_VALUE));
        }
    }

    /** An open file is closed: its flock falls. */
    void releaseWhole(final long inode, final long owner, final boolean inherited) {
        if (owners.remove(new Owner(inode, owner, true)) || inherited) {
            release(inode, owner, new Locks.Whole());
        }
    }
}
