package io.tarn.core.service;

import io.tarn.client.Principal;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.control.RemoteSession;
import io.tarn.core.protocol.TakenOver;
import io.tarn.core.session.ReadPins;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** A session whose client is, or was not long ago, connected to this node: its rights, its pins, its share of the node. Thread-safe. */
final class ClientSession {
    private static final long NEVER = Long.MIN_VALUE;

    private final RemoteSession session;
    private final Principal principal;
    private final ServiceLimits limits;
    private final Semaphore calls;
    private final KnownIds inodes = new KnownIds();
    private final KnownIds extents = new KnownIds();
    private final Map<Long, ReadPins.Pin> pins = new ConcurrentHashMap<>();
    private final AtomicLong nextPin = new AtomicLong(1);
    private final AtomicReference<Notes> notes = new AtomicReference<>(Notes.NONE);
    private final AtomicLong renewedNanos = new AtomicLong(NEVER);
    private volatile long seenNanos;
    private volatile boolean over;
    private volatile boolean inUse;
    /** Held shared while a command is put to a shard; superseding waits for those and lets none follow. */
    private final ReentrantReadWriteLock proposing = new ReentrantReadWriteLock();

    private boolean superseded;

    ClientSession(final RemoteSession session, final Principal principal, final ServiceLimits limits) {
        this.session = session;
        this.principal = principal;
        this.limits = limits;
        this.calls = new Semaphore(limits.callsPerSession());
        this.inUse = session.inUse();
    }

    long id() {
        return session.id();
    }

    RemoteSession session() {
        return session;
    }

    Principal principal() {
        return principal;
    }

    KnownIds inodes() {
        return inodes;
    }

    KnownIds extents() {
        return extents;
    }

    /** Whether the log knows that somebody works under this generation. */
    boolean isInUse() {
        return inUse;
    }

    void inUse() {
        inUse = true;
    }

    /**
     * Puts a command of this session to a shard.
     *
     * @throws TakenOver when another process has the session, whose own commands may be on their way already
     */
    <T> T propose(final Supplier<T> proposal) {
        proposing.readLock().lock();
        try {
            if (superseded) {
                throw new TakenOver();
            }
            return proposal.get();
        } finally {
            proposing.readLock().unlock();
        }
    }

    /** Another process has the session: after this no command of the former comes to a shard. */
    void supersede() {
        proposing.writeLock().lock();
        try {
            superseded = true;
        } finally {
            proposing.writeLock().unlock();
        }
    }

    /** Takes one of the session's places; to be given back with {@link #leave}. */
    void enter(final long nowNanos) {
        seenNanos = nowNanos;
        if (!calls.tryAcquire()) {
            throw new StorageException(
                    Failure.UNAVAILABLE, limits.callsPerSession() + " calls of the session are under way already");
        }
    }

    void leave() {
        calls.release();
    }

    long seenNanos() {
        return seenNanos;
    }

    void seen(final long nowNanos) {
        seenNanos = nowNanos;
    }

    /** Whether the last renewal is long enough ago, or there was none yet; then the next is counted from now. */
    boolean isRenewalDue(final long nowNanos, final long everyNanos) {
        final long last = renewedNanos.get();
        return (last == NEVER || nowNanos - last >= everyNanos) && renewedNanos.compareAndSet(last, nowNanos);
    }

    /** Keeps a pin until it is {@linkplain #unpin given back} or the session is gone. */
    long keep(final ReadPins.Pin pin) {
        if (pins.size() >= limits.pinsPerSession()) {
            pin.close();
            throw new StorageException(Failure.UNAVAILABLE, "the session has " + limits.pinsPerSession() + " pins");
        }
        final long id = nextPin.getAndIncrement();
        pins.put(id, pin);
        if (over) {
            unpin(id);
        }
        return id;
    }

    void unpin(final long id) {
        final ReadPins.Pin pin = pins.remove(id);
        if (pin != null) {
            pin.close();
        }
    }

    /** What is told from now on goes here; what it went to before is closed. */
    void attach(final Notes stream) {
        notes.getAndSet(stream).end(new StorageException(Failure.CONFLICT, "the client listens elsewhere now"));
    }

    void detach(final Notes stream) {
        notes.compareAndSet(stream, Notes.NONE);
    }

    Notes notes() {
        return notes.get();
    }

    /** Nothing is done for the session here any more. */
    void end(final StorageException why) {
        over = true;
        notes.getAndSet(Notes.NONE).end(why);
        pins.keySet().forEach(this::unpin);
    }
}
