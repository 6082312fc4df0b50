package io.tarn.posix.fuse;

import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.LockWish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Locks of one file: ranges of owners, and whole ones apart from them. */
final class MemoryLocks {
    private final List<LockWish> held = new ArrayList<>();

    synchronized Optional<LockWish> inTheWay(final LockWish wish) {
        return held.stream()
                .filter(lock -> lock.whole() == wish.whole()
                        && lock.owner() != wish.owner()
                        && lock.start() <= wish.last()
                        && wish.start() <= lock.last()
                        && (lock.kind() == LockWish.Kind.EXCLUSIVE || wish.kind() == LockWish.Kind.EXCLUSIVE))
                .findFirst();
    }

    synchronized void take(final LockWish wish, final boolean waits) {
        while (wish.kind() != LockWish.Kind.NONE && inTheWay(wish).isPresent()) {
            if (!waits) {
                throw Errno.EAGAIN.exception();
            }
            try {
                wait();
            } catch (final InterruptedException interrupted) {
                throw Errno.EINTR.exception();
            }
        }
        cut(wish);
        if (wish.kind() != LockWish.Kind.NONE) {
            held.add(wish);
        }
        notifyAll();
    }

    /** Takes the range out of what the owner has. */
    private void cut(final LockWish wish) {
        for (final LockWish lock : List.copyOf(held)) {
            if (lock.owner() == wish.owner()
                    && lock.whole() == wish.whole()
                    && lock.start() <= wish.last()
                    && wish.start() <= lock.last()) {
                held.remove(lock);
                if (lock.start() < wish.start()) {
                    held.add(piece(lock, lock.start(), wish.start() - 1));
                }
                if (lock.last() > wish.last()) {
                    held.add(piece(lock, wish.last() + 1, lock.last()));
                }
            }
        }
    }

    private static LockWish piece(final LockWish of, final long start, final long last) {
        return new LockWish(of.owner(), of.kind(), of.whole(), start, last, of.pid());
    }

    synchronized void drop(final long owner, final boolean whole) {
        held.removeIf(lock -> lock.owner() == owner && lock.whole() == whole);
        notifyAll();
    }
}
