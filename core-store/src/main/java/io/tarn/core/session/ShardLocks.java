package io.tarn.core.session;

import io.tarn.client.Locks;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.LockReply;
import io.tarn.core.namespace.wire.ReleaseLock;
import io.tarn.core.namespace.wire.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Locks over shards: one log entry to take or release one. A thread that waits sleeps until the entry that grants its lock is applied. */
final class ShardLocks implements Locks {
    private final Names names;
    private final LockWaiters waiters;

    ShardLocks(final Names names, final LockWaiters waiters) {
        this.names = names;
        this.waiters = waiters;
    }

    private static LockRecord.Builder record(final Lock lock) {
        final LockRecord.Builder record = LockRecord.newBuilder()
                .setOwner(lock.owner())
                .setExclusive(lock.exclusive())
                .setPid(lock.process());
        return switch (lock.range()) {
            case final Whole whole -> record.setWhole(true).setStart(0).setEnd(Long.MAX_VALUE);
            case final Bytes bytes -> record.setStart(bytes.start()).setEnd(bytes.end());
        };
    }

    private Holder holder(final long inode, final LockRecord record) {
        final Range range = record.getWhole() ? new Whole() : new Bytes(record.getStart(), record.getEnd());
        return new Holder(range, record.getExclusive(), record.getPid(), record.getSession() == names.sessionAt(inode));
    }

    @Override
    public Result tryLock(final Lock lock) {
        final LockReply reply = names.callAt(
                        lock.inode(),
                        NodeProposals.acquireLock(lock.inode(), record(lock).build(), false))
                .getLock();
        return switch (reply.getOutcome()) {
            case GRANTED -> new Granted();
            case HELD -> new Busy(holder(lock.inode(), reply.getHolder()));
            case WAITING, DEADLOCK, LOCK_OUTCOME_UNKNOWN, UNRECOGNIZED -> throw unexpected(reply);
        };
    }

    private static IllegalStateException unexpected(final LockReply reply) {
        return new IllegalStateException("a lock is answered by " + reply.getOutcome());
    }

    @Override
    public Result lock(final Lock lock, final Duration patience) {
        try (LockWaiters.Place place = waiters.register(names.sessionAt(lock.inode()), lock.inode(), lock.owner())) {
            final LockRecord record = record(lock).setTicket(place.number()).build();
            final LockReply reply = uninterruptibly(
                            () -> names.callAt(lock.inode(), NodeProposals.acquireLock(lock.inode(), record, true)))
                    .getLock();
            return switch (reply.getOutcome()) {
                case GRANTED -> new Granted();
                case DEADLOCK -> new Deadlock();
                case WAITING -> await(lock, place, patience);
                case HELD, LOCK_OUTCOME_UNKNOWN, UNRECOGNIZED -> throw unexpected(reply);
            };
        }
    }

    /** Whoever is interrupted now has to know first whether he stands in line, or nobody would ever take him out of it. */
    private static Reply uninterruptibly(final Supplier<Reply> call) {
        final CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                reply.complete(call.get());
            } catch (final StorageException failed) {
                reply.completeExceptionally(failed);
            }
        });
        try {
            // does not heed interrupts, and leaves the flag up
            return reply.join();
        } catch (final CompletionException failed) {
            if (failed.getCause() instanceof final StorageException known) {
                throw known;
            }
            throw failed;
        }
    }

    private Result await(final Lock lock, final LockWaiters.Place place, final Duration patience) {
        place.standsInLine();
        try {
            return outcome(place.granted().get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (final TimeoutException late) {
            return withdraw(lock, place);
        } catch (final InterruptedException interrupted) {
            // The flag is down now, so the withdrawal is not interrupted itself.
            final Result result = withdraw(lock, place);
            Thread.currentThread().interrupt();
            if (result instanceof Granted) {
                return result;
            }
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while waiting for a lock", interrupted);
        } catch (final ExecutionException failed) {
            if (failed.getCause() instanceof final StorageException over) {
                throw new StorageException(over.failure(), over.getMessage(), over);
            }
            throw new IllegalStateException("waiting for a lock failed unexpectedly", failed);
        }
    }

    private static Result outcome(final boolean granted) {
        return granted ? new Granted() : new TimedOut();
    }

    /** Leaves the line. A grant that came before the withdrawal was applied has been heard by then, and holds. */
    private Result withdraw(final Lock lock, final LockWaiters.Place place) {
        names.callAt(lock.inode(), NodeProposals.cancelLock(lock.inode(), lock.owner(), place.number()));
        return outcome(place.granted().getNow(false));
    }

    @Override
    public void unlock(final long inode, final long owner, final Range range) {
        final LockRecord record =
                record(new Lock(inode, owner, range, false, 0)).build();
        names.callAt(
                inode,
                NodeProposals.releaseLock(ReleaseLock.newBuilder()
                        .setInode(inode)
                        .setOwner(owner)
                        .setWhole(record.getWhole())
                        .setStart(record.getStart())
                        .setEnd(record.getEnd())
                        .build()));
    }

    @Override
    public void unlockAll(final long inode, final long owner) {
        names.callAt(
                inode,
                NodeProposals.releaseLock(ReleaseLock.newBuilder()
                        .setInode(inode)
                        .setOwner(owner)
                        .setEverything(true)
                        .build()));
        waiters.withdraw(names.sessionAt(inode), inode, owner);
    }

    @Override
    public Optional<Holder> conflict(final Lock lock) {
        final LockRecord record =
                record(lock).setSession(names.sessionAt(lock.inode())).build();
        return names.queryAt(lock.inode(), queries -> queries.nodes().obstacle(lock.inode(), record))
                .map(found -> holder(lock.inode(), found));
    }
}
