package io.tarn.core.namespace;

import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.LockTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The locks of one inode. An owner's byte-range locks of one kind never overlap and never touch: a new one replaces what it covers,
 * splits what it cuts, and joins its equals beside it, as fcntl(2) says. Locks of one owner never stand in each other's way. Mutable;
 * belongs to one command.
 */
final class LockSet {
    final List<LockRecord> held;
    final List<LockRecord> waiting;

    LockSet(final LockTable table) {
        this.held = new ArrayList<>(table.getHeldList());
        this.waiting = new ArrayList<>(table.getWaitingList());
    }

    LockTable toRecord() {
        return LockTable.newBuilder().addAllHeld(held).addAllWaiting(waiting).build();
    }

    int size() {
        return held.size() + waiting.size();
    }

    static boolean sameOwner(final LockRecord one, final LockRecord other) {
        return one.getSession() == other.getSession() && one.getOwner() == other.getOwner();
    }

    private static boolean overlap(final LockRecord one, final LockRecord other) {
        return one.getWhole() == other.getWhole() && one.getStart() < other.getEnd() && other.getStart() < one.getEnd();
    }

    static boolean conflict(final LockRecord one, final LockRecord other) {
        return overlap(one, other) && !sameOwner(one, other) && (one.getExclusive() || other.getExclusive());
    }

    /** A held lock that is in the way. */
    Optional<LockRecord> obstacle(final LockRecord wanted) {
        return held.stream().filter(lock -> conflict(lock, wanted)).findFirst();
    }

    boolean isWaiting(final long session, final long ticket) {
        return waiting.stream().anyMatch(lock -> lock.getSession() == session && lock.getTicket() == ticket);
    }

    /** Everybody that a lock waits for: those that hold, and those that came before it. */
    List<LockRecord> blockers(final LockRecord wanted) {
        final List<LockRecord> blockers = new ArrayList<>();
        held.stream().filter(lock -> conflict(lock, wanted)).forEach(blockers::add);
        for (final LockRecord earlier : waiting) {
            if (earlier.equals(wanted)) {
                break;
            }
            if (overtakes(wanted, earlier)) {
                blockers.add(earlier);
            }
        }
        return blockers;
    }

    /**
     * Whether granting one lock would pass over another that waits longer and for the same bytes. Who holds something here already may
     * pass, or he and the waiting one would wait for each other.
     */
    private boolean overtakes(final LockRecord wanted, final LockRecord earlier) {
        return conflict(earlier, wanted) && held.stream().noneMatch(lock -> sameOwner(lock, wanted));
    }

    boolean overtakesAnybody(final LockRecord wanted) {
        return waiting.stream().anyMatch(earlier -> overtakes(wanted, earlier));
    }

    /** Gives the lock to its owner; what he held of the range before is replaced. */
    void grant(final LockRecord lock) {
        release(lock);
        LockRecord joined = lock.toBuilder().clearTicket().build();
        for (final LockRecord own : List.copyOf(held)) {
            final boolean touches = own.getStart() == joined.getEnd() || own.getEnd() == joined.getStart();
            if (sameOwner(own, joined)
                    && own.getWhole() == joined.getWhole()
                    && own.getExclusive() == joined.getExclusive()
                    && touches) {
                held.remove(own);
                joined = joined.toBuilder()
                        .setStart(Math.min(own.getStart(), joined.getStart()))
                        .setEnd(Math.max(own.getEnd(), joined.getEnd()))
                        .build();
            }
        }
        held.add(joined);
        held.sort(Comparator.comparingLong(LockRecord::getStart)
                .thenComparingLong(LockRecord::getSession)
                .thenComparingLong(LockRecord::getOwner));
    }

    /** Takes a range away from an owner. */
    void release(final LockRecord range) {
        for (final LockRecord own : List.copyOf(held)) {
            if (sameOwner(own, range) && overlap(own, range)) {
                held.remove(own);
                if (own.getStart() < range.getStart()) {
                    held.add(own.toBuilder().setEnd(range.getStart()).build());
                }
                if (own.getEnd() > range.getEnd()) {
                    held.add(own.toBuilder().setStart(range.getEnd()).build());
                }
            }
        }
    }

    void drop(final Predicate<LockRecord> whose) {
        held.removeIf(whose);
        waiting.removeIf(whose);
    }

    /** Gives those that wait, in the order they came, what is free for them now. */
    void promote(final Consumer<LockRecord> granted) {
        // Who gets one lock may pass others with the next: once round is not always enough.
        boolean again = true;
        while (again) {
            again = false;
            for (final LockRecord next : List.copyOf(waiting)) {
                if (blockers(next).isEmpty()) {
                    waiting.remove(next);
                    grant(next);
                    granted.accept(next);
                    again = true;
                }
            }
        }
    }
}
