package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The right of a leader to answer from its own store without asking the others.
 *
 * <p>An entry that a leader proposed at its monotonic time {@code t} and that was committed in its term lets it answer until
 * {@code t + D}. A new leader answers nothing, neither reads nor proposals, until {@code D} after it learned of its election.
 * That is enough: let B be elected at {@code e}. If A proposed at {@code t ≤ e}, A's lease ends by {@code e + D}, before B
 * answers. If A proposed at {@code t > e}, a majority had moved to B's term and refused the entry in A's, so it renewed
 * nothing. No clocks are compared, only durations, and a leader counts its own from the safe side: {@code D} less a margin for
 * clocks that run at different speed.
 *
 * <p>A group of a single member needs no renewals: nobody else can be elected without its vote, and every acknowledged command
 * was applied here before the acknowledgement. So an idle single node never writes, and it answers reads even while its log
 * cannot be written.
 *
 * <p>Cost of a check: one volatile read, and a reading of the clock when there are several members. Thread-safe.
 */
final class LeaderLease {
    /** Of a lease, kept back against clocks of different speed: 1/50. */
    private static final long MARGIN_FRACTION = 50;

    private final String name;
    private final long leaseNanos;
    private final LongSupplier clock;
    private final Runnable renewalWanted;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Held held = Held.NOTHING;
    private volatile long lastReadNanos;

    LeaderLease(final String name, final long leaseNanos, final LongSupplier clock, final Runnable renewalWanted) {
        this.name = name;
        this.leaseNanos = leaseNanos;
        this.clock = clock;
        this.renewalWanted = renewalWanted;
        this.lastReadNanos = clock.getAsLong() - leaseNanos;
    }

    /** This node leads {@code term} and has applied everything of earlier terms. */
    void elected(final long term, final boolean alone) {
        final long now = clock.getAsLong();
        lock.lock();
        try {
            final long era = held.alone() == alone ? held.era() : held.era() + 1;
            set(new Held(term, alone, era, alone ? now : now + leaseNanos, now));
        } finally {
            lock.unlock();
        }
    }

    /** This node takes no proposals any more; a sole member still answers reads. */
    void lost() {
        lock.lock();
        try {
            final Held now = held;
            set(new Held(Held.NOT_LEADING, now.alone(), now.era(), 0, 0));
        } finally {
            lock.unlock();
        }
    }

    /** The group's members are others from now on. */
    void membersChanged(final boolean alone) {
        lock.lock();
        try {
            final Held now = held;
            if (now.leads() && now.alone() != alone) {
                set(new Held(now.term(), alone, now.era() + 1, now.answersFrom(), clock.getAsLong()));
            } else if (!alone && now.alone()) {
                set(new Held(now.term(), false, now.era() + 1, 0, 0));
            }
        } finally {
            lock.unlock();
        }
    }

    /** An entry of this node, proposed at {@code proposedNanos}, was committed with {@code term} and is applied. */
    void renew(final long term, final long proposedNanos) {
        final Held seen = held;
        if (seen.alone() || seen.term() != term) {
            return;
        }
        lock.lock();
        try {
            final Held now = held;
            final long until = proposedNanos + leaseNanos - leaseNanos / MARGIN_FRACTION;
            if (now.term() == term && until - now.validUntil() > 0) {
                set(new Held(term, now.alone(), now.era(), now.answersFrom(), until));
            }
        } finally {
            lock.unlock();
        }
    }

    boolean leads() {
        return held.leads();
    }

    /** Whether proposals may be taken: this node leads and the former leader's lease is over. */
    boolean mayPropose() {
        final Held now = held;
        return now.leads() && (now.alone() || clock.getAsLong() - now.answersFrom() >= 0);
    }

    /** Whether an entry should be proposed only to renew: somebody has read lately and half of the lease is over. */
    boolean wantsRenewal() {
        final Held now = held;
        final long time = clock.getAsLong();
        return now.leads()
                && !now.alone()
                && time - lastReadNanos < leaseNanos
                && now.validUntil() - time < leaseNanos / 2;
    }

    /**
     * The right under which a read may begin; waits up to two leases for a renewal when it has run out.
     *
     * @throws StorageException {@link Failure#UNAVAILABLE}
     */
    Held begin() {
        final Held now = held;
        if (now.alone()) {
            return now;
        }
        final long time = clock.getAsLong();
        lastReadNanos = time;
        return now.answers(time) ? now : await();
    }

    /** Whether everything read since {@link #begin} gave {@code begun} was read under the lease. */
    boolean stillHeld(final Held begun) {
        final Held now = held;
        return begun.alone()
                ? now.alone() && now.era() == begun.era()
                : now.term() == begun.term() && now.answers(clock.getAsLong());
    }

    private Held await() {
        renewalWanted.run();
        long patience = 2 * leaseNanos;
        lock.lock();
        try {
            while (leads() && patience > 0) {
                final Held now = held;
                final long time = clock.getAsLong();
                if (now.alone() || now.answers(time)) {
                    return now;
                }
                final long untilAnswers = Math.max(1, now.answersFrom() - time);
                final boolean renewed = now.validUntil() - time > 0;
                final long wait = renewed ? Math.min(patience, untilAnswers) : patience;
                patience += changed.awaitNanos(wait) - wait;
                lastReadNanos = clock.getAsLong();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.UNAVAILABLE, name + ": interrupted while waiting for the lease", e);
        } finally {
            lock.unlock();
        }
        throw unavailable();
    }

    StorageException unavailable() {
        return new StorageException(
                Failure.UNAVAILABLE,
                name + (leads() ? ": the leader's lease has run out" : ": this node is not the leader"));
    }

    /** Nanoseconds between looks at {@link #wantsRenewal}; several fit in the half of a lease that is kept in reserve. */
    long renewalCheckNanos() {
        return Math.max(leaseNanos / 8, TimeUnit.MILLISECONDS.toNanos(1));
    }

    boolean alone() {
        return held.alone();
    }

    private void set(final Held next) {
        lock.lock();
        try {
            held = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * @param term that this node leads, or {@link #NOT_LEADING}
     * @param alone whether this node is the only member
     * @param era counts the changes of {@code alone}
     * @param answersFrom monotonic time from which a leader among several answers
     * @param validUntil monotonic time until which it does
     */
    record Held(long term, boolean alone, long era, long answersFrom, long validUntil) {
        private static final long NOT_LEADING = -1;
        private static final Held NOTHING = new Held(NOT_LEADING, false, 0, 0, 0);

        boolean leads() {
            return term != NOT_LEADING;
        }

        boolean answers(final long time) {
            return leads() && time - answersFrom >= 0 && validUntil - time > 0;
        }
    }
}
