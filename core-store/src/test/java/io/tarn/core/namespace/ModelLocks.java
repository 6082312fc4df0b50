package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.Failure;
import io.tarn.core.namespace.wire.AcquireLock;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.LockOutcome;
import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.ReleaseLock;
import io.tarn.core.namespace.wire.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Locks in the model: for each byte, who holds it. Files have {@link #BYTES} bytes here, the last of which stands for all beyond. */
final class ModelLocks {
    static final int BYTES = 12;

    record Owner(long session, long owner) {}

    /** What an owner holds: for each byte 0 for nothing, 1 for shared, 2 for exclusive; the whole-file lock in its own place. */
    static final class Holding {
        final int[] bytes = new int[BYTES];
        int whole;

        boolean isNothing() {
            for (final int held : bytes) {
                if (held != 0) {
                    return false;
                }
            }
            return whole == 0;
        }
    }

    static final class Table {
        final Map<Owner, Holding> held = new java.util.HashMap<>();
        final List<LockRecord> waiting = new ArrayList<>();
    }

    final TreeMap<Long, Table> tables = new TreeMap<>();

    private static Owner owner(final LockRecord lock) {
        return new Owner(lock.getSession(), lock.getOwner());
    }

    private static int end(final long end) {
        return end == Long.MAX_VALUE ? BYTES : (int) end;
    }

    private static boolean inTheWay(final Owner who, final Holding held, final LockRecord wanted) {
        if (who.equals(owner(wanted))) {
            return false;
        }
        final int worst = wanted.getExclusive() ? 1 : 2;
        if (wanted.getWhole()) {
            return held.whole >= worst;
        }
        for (int at = (int) wanted.getStart(); at < end(wanted.getEnd()); at++) {
            if (held.bytes[at] >= worst) {
                return true;
            }
        }
        return false;
    }

    private static boolean meet(final LockRecord one, final LockRecord other) {
        final boolean overlap = one.getWhole()
                ? other.getWhole()
                : !other.getWhole() && one.getStart() < other.getEnd() && other.getStart() < one.getEnd();
        return overlap && !owner(one).equals(owner(other)) && (one.getExclusive() || other.getExclusive());
    }

    private static Set<Owner> blockers(final Table table, final LockRecord wanted) {
        final Set<Owner> blockers = new HashSet<>();
        table.held.forEach((who, held) -> {
            if (inTheWay(who, held, wanted)) {
                blockers.add(who);
            }
        });
        for (final LockRecord earlier : table.waiting) {
            if (earlier.equals(wanted)) {
                break;
            }
            if (!table.held.containsKey(owner(wanted)) && meet(earlier, wanted)) {
                blockers.add(owner(earlier));
            }
        }
        return blockers;
    }

    private boolean waitsFor(final Owner who, final Owner whom, final Set<Owner> seen) {
        if (who.equals(whom)) {
            return true;
        }
        if (!seen.add(who)) {
            return false;
        }
        for (final Table table : tables.values()) {
            for (final LockRecord waiting : table.waiting) {
                if (!waiting.getWhole() && owner(waiting).equals(who)) {
                    for (final Owner blocker : blockers(table, waiting)) {
                        if (waitsFor(blocker, whom, seen)) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    void run(final Command command, final Reply reply) {
        final long session = command.getSession();
        switch (command.getBodyCase()) {
            case ACQUIRE_LOCK -> acquire(command.getAcquireLock(), session, reply);
            case RELEASE_LOCK -> release(command.getReleaseLock(), session);
            default -> {
                final Table table = table(command.getCancelLock().getInode());
                final boolean waited = table.waiting.removeIf(lock -> lock.getSession() == session
                        && lock.getOwner() == command.getCancelLock().getOwner()
                        && lock.getTicket() == command.getCancelLock().getTicket());
                outcome(reply, waited ? LockOutcome.HELD : LockOutcome.GRANTED);
                promote(table);
            }
        }
        tables.values().removeIf(table -> table.held.isEmpty() && table.waiting.isEmpty());
    }

    private Table table(final long inode) {
        return tables.computeIfAbsent(inode, unused -> new Table());
    }

    private static void outcome(final Reply reply, final LockOutcome expected) {
        Model.succeeded(reply);
        assertThat(reply.getLock().getOutcome()).isEqualTo(expected);
    }

    private void acquire(final AcquireLock command, final long session, final Reply reply) {
        final LockRecord wanted =
                command.getLock().toBuilder().setSession(session).build();
        final boolean sound = wanted.getStart() >= 0
                && wanted.getStart() < wanted.getEnd()
                && (!wanted.getWhole() || (wanted.getStart() == 0 && wanted.getEnd() == Long.MAX_VALUE));
        Refused.unless(sound, Failure.INVALID_ARGUMENT);
        final Table table = table(command.getInode());
        final boolean free =
                table.held.entrySet().stream().noneMatch(held -> inTheWay(held.getKey(), held.getValue(), wanted));
        final boolean overtakes = command.getWait() && !blockers(table, wanted).isEmpty() && free;
        if (free && !overtakes) {
            outcome(reply, LockOutcome.GRANTED);
            set(table, wanted, wanted.getExclusive() ? 2 : 1);
            promote(table);
        } else if (!command.getWait()) {
            outcome(reply, LockOutcome.HELD);
        } else {
            await(table, wanted, free, reply);
        }
    }

    private void await(final Table table, final LockRecord wanted, final boolean free, final Reply reply) {
        if (wanted.getWhole()) {
            set(table, wanted, 0);
        } else {
            final Set<Owner> seen = new HashSet<>();
            final boolean circle =
                    blockers(table, wanted).stream().anyMatch(blocker -> waitsFor(blocker, owner(wanted), seen));
            if (circle) {
                outcome(reply, free ? LockOutcome.GRANTED : LockOutcome.DEADLOCK);
                if (free) {
                    set(table, wanted, wanted.getExclusive() ? 2 : 1);
                    promote(table);
                }
                return;
            }
        }
        outcome(reply, LockOutcome.WAITING);
        table.waiting.add(wanted);
        promote(table);
    }

    private static void set(final Table table, final LockRecord range, final int what) {
        final Holding holding = table.held.computeIfAbsent(owner(range), unused -> new Holding());
        if (range.getWhole()) {
            holding.whole = what;
        } else {
            for (int at = (int) range.getStart(); at < end(range.getEnd()); at++) {
                holding.bytes[at] = what;
            }
        }
        if (holding.isNothing()) {
            table.held.remove(owner(range));
        }
    }

    private static void promote(final Table table) {
        final int before = table.waiting.size();
        for (final LockRecord next : List.copyOf(table.waiting)) {
            if (blockers(table, next).isEmpty()) {
                table.waiting.remove(next);
                set(table, next, next.getExclusive() ? 2 : 1);
            }
        }
        if (table.waiting.size() < before) {
            promote(table);
        }
    }

    private void release(final ReleaseLock command, final long session) {
        final boolean sound =
                command.getEverything() || (command.getStart() >= 0 && command.getStart() < command.getEnd());
        Refused.unless(sound, Failure.INVALID_ARGUMENT);
        final Table table = table(command.getInode());
        final Owner owner = new Owner(session, command.getOwner());
        if (command.getEverything()) {
            table.held.remove(owner);
            table.waiting.removeIf(lock -> owner(lock).equals(owner));
        } else {
            final LockRecord range = LockRecord.newBuilder()
                    .setSession(session)
                    .setOwner(command.getOwner())
                    .setWhole(command.getWhole())
                    .setStart(command.getStart())
                    .setEnd(command.getEnd())
                    .build();
            set(table, range, 0);
        }
        promote(table);
    }

    void endSession(final long session) {
        tables.values().forEach(table -> {
            table.held.keySet().removeIf(owner -> owner.session() == session);
            table.waiting.removeIf(lock -> lock.getSession() == session);
            promote(table);
        });
        tables.values().removeIf(table -> table.held.isEmpty() && table.waiting.isEmpty());
    }

    /** The state's table of an inode, in the same form. */
    static Table of(final LockSet locks) {
        final Table table = new Table();
        locks.held.forEach(lock -> set(table, lock, lock.getExclusive() ? 2 : 1));
        table.waiting.addAll(locks.waiting);
        return table;
    }

    static void compare(final Table actual, final Table expected) {
        assertThat(actual.waiting).isEqualTo(expected.waiting);
        assertThat(actual.held.keySet()).isEqualTo(expected.held.keySet());
        expected.held.forEach((owner, holding) -> {
            assertThat(actual.held.get(owner).bytes).isEqualTo(holding.bytes);
            assertThat(actual.held.get(owner).whole).isEqualTo(holding.whole);
        });
    }
}
