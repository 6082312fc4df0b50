package io.tarn.core.session;

import io.tarn.core.StorageException;
import io.tarn.core.namespace.LockListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that wait for locks, woken by the entry that grants them. Bounded by the state, which bounds the locks. Thread-safe. */
public final class LockWaiters implements LockListener {
    private final Map<Ticket, Waiter> waiters = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong(1);

    private record Ticket(long session, long number) {}

    private record Waiter(long inode, long owner, CompletableFuture<Boolean> granted, AtomicBoolean inLine) {}

    /** A lock that stands in line, for whoever may have missed its grant. */
    public record InLine(long session, long inode, long ticket) {}

    /** A place in line, registered before the command that asks for it is sent, so that no grant is missed. */
    final class Place implements AutoCloseable {
        private final Ticket ticket;
        private final CompletableFuture<Boolean> granted = new CompletableFuture<>();
        private final AtomicBoolean inLine = new AtomicBoolean();

        private Place(final Ticket ticket) {
            this.ticket = ticket;
        }

        long number() {
            return ticket.number();
        }

        /** Completes with whether the lock is held; false when the owner gave it up meanwhile. */
        CompletableFuture<Boolean> granted() {
            return granted;
        }

        /** The shard has said that the lock stands in line. */
        void standsInLine() {
            inLine.set(true);
        }

        @Override
        public void close() {
            waiters.remove(ticket);
        }
    }

    Place register(final long session, final long inode, final long owner) {
        final Place place = new Place(new Ticket(session, next.getAndIncrement()));
        waiters.put(place.ticket, new Waiter(inode, owner, place.granted, place.inLine));
        return place;
    }

    @Override
    public void granted(final long session, final long ticket) {
        final Waiter waiter = waiters.get(new Ticket(session, ticket));
        if (waiter != null) {
            waiter.granted().complete(true);
        }
    }

    /** The owner has closed the file: whatever it waited for there it will not get. */
    void withdraw(final long session, final long inode, final long owner) {
        waiters.forEach((ticket, waiter) -> {
            if (ticket.session() == session && waiter.inode() == inode && waiter.owner() == owner) {
                waiter.granted().complete(false);
            }
        });
    }

    /** Locks that stand in line as far as is known here. */
    public List<InLine> inLine() {
        final List<InLine> waiting = new ArrayList<>();
        waiters.forEach((ticket, waiter) -> {
            if (waiter.inLine().get() && !waiter.granted().isDone()) {
                waiting.add(new InLine(ticket.session(), waiter.inode(), ticket.number()));
            }
        });
        return waiting;
    }

    /** A session is over, and all that it waited for. */
    public void fail(final long session, final StorageException why) {
        waiters.forEach((ticket, waiter) -> {
            if (ticket.session() == session) {
                waiter.granted().completeExceptionally(why);
            }
        });
    }
}
