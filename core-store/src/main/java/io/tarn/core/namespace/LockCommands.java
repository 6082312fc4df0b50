package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.AcquireLock;
import io.tarn.core.namespace.wire.CancelLock;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.LockOutcome;
import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.LockReply;
import io.tarn.core.namespace.wire.LockTable;
import io.tarn.core.namespace.wire.ReleaseLock;
import io.tarn.core.namespace.wire.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Byte-range and whole-file locks. A lock that has to wait queues up in the state, and the entry that frees its bytes grants it; the
 * client is told by a {@link LockListener}, so nobody polls. Waiting that could never end is refused: for byte ranges, the chain of
 * who waits for whom is followed, over all inodes, before a lock queues up. Locks and places in queues end with their session.
 */
final class LockCommands {
    /** Locks held and awaited on one inode. */
    static final int LOCKS_MAX = 1024;
    /** Inodes on which one session has locks. */
    static final int INODES_MAX = 65_536;
    /** Owners looked at in search of a deadlock; a longer chain is not followed to its end and waits. */
    static final int CHAIN_MAX = 1000;

    private static final long NO_INODE = 0;

    private final Transaction transaction;

    LockCommands(final Transaction transaction) {
        this.transaction = transaction;
    }

    static LockSet locks(final KeyValueReader store, final long inode) {
        return new LockSet(Records.get(store, Families.LOCK, Keys.of(inode), LockTable.parser())
                .orElse(LockTable.getDefaultInstance()));
    }

    private LockSet locks(final long inode) {
        return locks(transaction.store, inode);
    }

    Reply acquire(final AcquireLock command, final long session) {
        final long inode = command.getInode();
        requireFile(inode);
        final LockRecord wanted =
                command.getLock().toBuilder().setSession(session).build();
        if (wanted.getStart() < 0
                || wanted.getEnd() <= wanted.getStart()
                || (wanted.getWhole() && (wanted.getStart() != 0 || wanted.getEnd() != Long.MAX_VALUE))) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "not a range to lock");
        }
        final LockSet locks = locks(inode);
        final Optional<LockRecord> obstacle = locks.obstacle(wanted);
        if (obstacle.isEmpty() && !(command.getWait() && locks.overtakesAnybody(wanted))) {
            return granted(inode, locks, wanted);
        }
        if (!command.getWait()) {
            return reply(LockOutcome.HELD, obstacle.orElseThrow());
        }
        if (wanted.getWhole()) {
            // As flock(2): a lock that is being converted is given up first, or two who convert would wait for ever.
            locks.release(wanted);
        } else if (closesACircle(inode, locks, wanted)) {
            return obstacle.isEmpty() ? granted(inode, locks, wanted) : reply(LockOutcome.DEADLOCK, obstacle.get());
        }
        locks.waiting.add(wanted);
        store(inode, locks);
        return reply(LockOutcome.WAITING, obstacle.orElse(LockRecord.getDefaultInstance()));
    }

    private void requireFile(final long id) {
        final Inode inode = Records.inode(transaction.store, id)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the file is gone"));
        if (inode.getType() == FileType.SYMLINK) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "links are not locked");
        }
    }

    private Reply granted(final long inode, final LockSet locks, final LockRecord wanted) {
        locks.grant(wanted);
        store(inode, locks);
        return reply(LockOutcome.GRANTED, LockRecord.getDefaultInstance());
    }

    private static Reply reply(final LockOutcome outcome, final LockRecord holder) {
        return Replies.of(
                LockReply.newBuilder().setOutcome(outcome).setHolder(holder).build());
    }

    private record Waiting(long inode, LockRecord lock) {}

    private record Owner(long session, long owner) {
        static Owner of(final LockRecord lock) {
            return new Owner(lock.getSession(), lock.getOwner());
        }
    }

    /** Whether somebody whom the wanted lock would wait for waits, in the end, for its owner. */
    private boolean closesACircle(final long inode, final LockSet locks, final LockRecord wanted) {
        final Set<Owner> seen = new HashSet<>();
        final Deque<LockRecord> next = new ArrayDeque<>(locks.blockers(wanted));
        while (!next.isEmpty() && seen.size() < CHAIN_MAX) {
            final LockRecord blocker = next.remove();
            if (LockSet.sameOwner(blocker, wanted)) {
                return true;
            }
            if (seen.add(Owner.of(blocker))) {
                for (final Waiting waiting : waitingOf(blocker)) {
                    final LockSet there = waiting.inode() == inode ? locks : locks(waiting.inode());
                    next.addAll(there.blockers(waiting.lock()));
                }
            }
        }
        return false;
    }

    private List<Waiting> waitingOf(final LockRecord owner) {
        final byte[] prefix = Keys.of(owner.getSession(), owner.getOwner());
        final List<Waiting> waiting = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.LOCK_WAIT, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                final long inode = Keys.lastLong(cursor.key());
                locks(inode).waiting.stream()
                        .filter(lock -> !lock.getWhole() && LockSet.sameOwner(lock, owner))
                        .forEach(lock -> waiting.add(new Waiting(inode, lock)));
            }
        }
        return waiting;
    }

    Reply release(final ReleaseLock command, final long session) {
        final LockSet locks = locks(command.getInode());
        final LockRecord range = LockRecord.newBuilder()
                .setSession(session)
                .setOwner(command.getOwner())
                .setWhole(command.getWhole())
                .setStart(command.getStart())
                .setEnd(command.getEnd())
                .build();
        if (command.getEverything()) {
            locks.drop(lock -> LockSet.sameOwner(lock, range));
        } else if (range.getStart() < 0 || range.getEnd() <= range.getStart()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "not a range to unlock");
        } else {
            locks.release(range);
        }
        store(command.getInode(), locks);
        return Replies.DONE;
    }

    /** Leaves the queue; says {@code GRANTED} when the lock had been given already. */
    Reply cancel(final CancelLock command, final long session) {
        final LockSet locks = locks(command.getInode());
        final boolean waited = locks.waiting.removeIf(lock -> lock.getSession() == session
                && lock.getOwner() == command.getOwner()
                && lock.getTicket() == command.getTicket());
        if (waited) {
            store(command.getInode(), locks);
        }
        return reply(waited ? LockOutcome.HELD : LockOutcome.GRANTED, LockRecord.getDefaultInstance());
    }

    /** Drops a session's locks on up to {@code max} files; returns on how many. */
    int endSession(final long session, final int max) {
        final byte[] prefix = Keys.of(session);
        final List<Long> inodes = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.LOCKED, prefix, Keys.after(prefix))) {
            for (; cursor.valid() && inodes.size() < max; cursor.next()) {
                if (Keys.lastLong(cursor.key()) != NO_INODE) {
                    inodes.add(Keys.lastLong(cursor.key()));
                }
            }
        }
        for (final long inode : inodes) {
            final LockSet locks = locks(inode);
            locks.drop(lock -> lock.getSession() == session);
            store(inode, locks);
        }
        return inodes.size();
    }

    /** Grants what is free now and keeps the locks and the indexes of who has some. */
    private void store(final long inode, final LockSet locks) {
        final LockSet before = locks(inode);
        locks.promote(granted -> transaction.granted(granted.getSession(), granted.getTicket()));
        if (locks.size() > LOCKS_MAX && locks.size() > before.size()) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + LOCKS_MAX + " locks");
        }
        if (locks.size() == 0) {
            transaction.store.delete(Families.LOCK, Keys.of(inode));
        } else {
            transaction.put(Families.LOCK, Keys.of(inode), locks.toRecord());
        }
        final Set<Long> sessionsBefore = sessions(before);
        final Set<Long> sessions = sessions(locks);
        sessionsBefore.stream().filter(session -> !sessions.contains(session)).forEach(session -> {
            transaction.store.delete(Families.LOCKED, Keys.of(session, inode));
            count(session, -1);
        });
        sessions.stream().filter(session -> !sessionsBefore.contains(session)).forEach(session -> {
            transaction.store.put(Families.LOCKED, Keys.of(session, inode), new byte[0]);
            count(session, 1);
        });
        index(inode, before.waiting, locks.waiting);
    }

    private static Set<Long> sessions(final LockSet locks) {
        final Set<Long> sessions = new HashSet<>();
        locks.held.forEach(lock -> sessions.add(lock.getSession()));
        locks.waiting.forEach(lock -> sessions.add(lock.getSession()));
        return sessions;
    }

    private void count(final long session, final int by) {
        final byte[] key = Keys.of(session, NO_INODE);
        final long count =
                transaction.store.get(Families.LOCKED, key).map(Keys::lastLong).orElse(0L) + by;
        if (count > INODES_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "a session has locks on at most " + INODES_MAX + " files");
        }
        if (count == 0) {
            transaction.store.delete(Families.LOCKED, key);
        } else {
            transaction.store.put(Families.LOCKED, key, Keys.of(count));
        }
    }

    private void index(final long inode, final List<LockRecord> before, final List<LockRecord> after) {
        before.forEach(lock ->
                transaction.store.delete(Families.LOCK_WAIT, Keys.of(lock.getSession(), lock.getOwner(), inode)));
        after.forEach(lock -> transaction.store.put(
                Families.LOCK_WAIT, Keys.of(lock.getSession(), lock.getOwner(), inode), new byte[0]));
    }
}
