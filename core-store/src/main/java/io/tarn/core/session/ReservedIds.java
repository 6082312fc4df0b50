package io.tarn.core.session;

import io.tarn.core.namespace.NodeProposals;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Inodes that the shard has set aside for this client, given out in order. Thread-safe; every {@value #COUNT}th costs a command. */
final class ReservedIds {
    private static final int COUNT = 8_192;

    private final Names names;
    private final ReentrantLock reserving = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private long session;
    private long next;
    private long end;

    ReservedIds(final Names names) {
        this.names = names;
    }

    /** Makes sure that there are some, in the shard of an inode. */
    void ensure(final long near) {
        final long present = names.sessionAt(near);
        if (!isUsedUp(present)) {
            return;
        }
        reserving.lock();
        try {
            if (isUsedUp(present)) {
                final long first = names.callAt(near, NodeProposals.reserveInodes(COUNT))
                        .getId()
                        .getId();
                set(present, first);
            }
        } finally {
            reserving.unlock();
        }
    }

    private boolean isUsedUp(final long present) {
        lock.lock();
        try {
            return session != present || next == end;
        } finally {
            lock.unlock();
        }
    }

    private void set(final long present, final long first) {
        lock.lock();
        try {
            session = present;
            next = first;
            end = first + COUNT;
        } finally {
            lock.unlock();
        }
    }

    /** The next one of a session; empty where there is none left. */
    Optional<Long> next(final long holder) {
        lock.lock();
        try {
            return session == holder && next < end ? Optional.of(next++) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
