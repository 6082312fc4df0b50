package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Command;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Promises in the order in which they were answered, and the directories that are to be given back behind them. One thread takes them out in
 * batches, one batch at a time, so what was answered first is committed first; meanwhile others gather.
 *
 * <p>A batch goes when somebody waits for it, when it is large, or {@link #DELAY} after its first promise. Beyond {@link #PROMISES_MAX} or
 * {@link #BYTES_MAX} who promises waits. Guarded by the lock of the {@link HeldTree} that it is made with, which every method but the waiting
 * ones must be called under.
 */
final class PromiseQueue {
    /** How long a promise waits for company. */
    static final Duration DELAY = Duration.ofMillis(500);
    /** Promises of one batch. */
    static final int BATCH_PROMISES = 512;
    /** Bytes of one batch in memory. */
    static final long BATCH_BYTES = 8L << 20;
    /** Bytes of its command, contents that go to extents apart: half of what a log entry may have. */
    static final long BATCH_COMMAND_BYTES = 1L << 20;
    /** Promises that wait. */
    static final int PROMISES_MAX = 4 * BATCH_PROMISES;
    /** Bytes that wait. */
    static final long BYTES_MAX = 4 * BATCH_BYTES;

    /** There may be something to send. */
    private final Condition work;
    /** Something was kept. */
    private final Condition kept;

    private final PromiseJournal journal;
    private final Deque<Promise> waiting = new ArrayDeque<>();
    /** With the number of the last promise before. */
    private final Map<Long, Long> giveBack = new LinkedHashMap<>();
    /** Directories whose return is under way. */
    private Set<Long> leaving = Set.of();
    /** By inode, the last promise that touches it. */
    private final Map<Long, Long> pending = new HashMap<>();

    private long waitingBytes;
    private long accepted;
    private long keptUpTo;
    private long wantedUpTo;
    private boolean inFlight;
    private boolean closed;

    /** What goes in one command. */
    record Batch(List<Promise> promises, List<Long> giveBack) {
        Batch {
            promises = List.copyOf(promises);
            giveBack = List.copyOf(giveBack);
        }
    }

    PromiseQueue(final ReentrantLock lock, final PromiseJournal journal) {
        this.journal = journal;
        this.work = lock.newCondition();
        this.kept = lock.newCondition();
    }

    /** Waits until there is room for another promise; the lock is given up meanwhile. */
    void awaitRoom() {
        while (!closed && (waiting.size() >= PROMISES_MAX || waitingBytes >= BYTES_MAX)) {
            wantedUpTo = accepted;
            work.signalAll();
            kept.awaitUninterruptibly();
        }
    }

    /** Accepts a promise: its caller may be answered. */
    void accept(final Command command, final long volume, final List<Long> touched) {
        final Promise promise = new Promise(++accepted, command, volume, touched, System.nanoTime());
        journal.accepted(promise.number(), command);
        waiting.add(promise);
        waitingBytes += promise.bytes();
        touched.forEach(inode -> pending.put(inode, promise.number()));
        if (waiting.size() == 1 || isLarge()) {
            work.signalAll();
        }
    }

    private boolean isLarge() {
        return waiting.size() >= BATCH_PROMISES || waitingBytes >= BATCH_BYTES;
    }

    /** Gives a directory back after all that is promised now. */
    void giveBack(final long directory) {
        if (!leaving.contains(directory) && giveBack.putIfAbsent(directory, accepted) == null) {
            work.signalAll();
        }
    }

    /** Whether an inode is touched by a promise that is not kept. */
    boolean isPending(final long inode) {
        return pending.containsKey(inode);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && !inFlight && giveBack.isEmpty();
    }

    /** Waits until all that is promised now, and given back, is committed. */
    void flush() {
        final long target = accepted;
        wantedUpTo = Math.max(wantedUpTo, target);
        final boolean returning = !giveBack.isEmpty();
        while (!closed && (keptUpTo < target || (returning && (!giveBack.isEmpty() || !leaving.isEmpty())))) {
            work.signalAll();
            kept.awaitUninterruptibly();
        }
    }

    /** Waits for a batch that is due; empty once the queue is closed and nothing is left. */
    Optional<Batch> take() {
        while (true) {
            if (!giveBack.isEmpty() || (!waiting.isEmpty() && (closed || isLarge() || isWanted()))) {
                return Optional.of(cut());
            }
            if (closed && waiting.isEmpty()) {
                return Optional.empty();
            }
            if (waiting.isEmpty()) {
                work.awaitUninterruptibly();
                continue;
            }
            final long left = waiting.getFirst().sinceNanos() + DELAY.toNanos() - System.nanoTime();
            if (left <= 0) {
                return Optional.of(cut());
            }
            try {
                work.awaitNanos(left);
            } catch (final InterruptedException nobodys) {
                throw new IllegalStateException("the sender of promises is interrupted by nobody", nobodys);
            }
        }
    }

    private boolean isWanted() {
        return waiting.getFirst().number() <= wantedUpTo;
    }

    private Batch cut() {
        final List<Promise> taken = new ArrayList<>(Math.min(waiting.size(), BATCH_PROMISES));
        long bytes = 0;
        long commandBytes = 0;
        while (!waiting.isEmpty()
                && taken.size() < BATCH_PROMISES
                && bytes < BATCH_BYTES
                && (taken.isEmpty() || commandBytes + waiting.getFirst().commandBytes() <= BATCH_COMMAND_BYTES)) {
            final Promise next = waiting.removeFirst();
            bytes += next.bytes();
            commandBytes += next.commandBytes();
            taken.add(next);
        }
        waitingBytes -= bytes;
        // What was promised before a return goes before it.
        final long next =
                waiting.isEmpty() ? Long.MAX_VALUE : waiting.getFirst().number();
        final List<Long> returned = giveBack.entrySet().stream()
                .filter(one -> one.getValue() < next)
                .map(Map.Entry::getKey)
                .toList();
        returned.forEach(giveBack::remove);
        leaving = Set.copyOf(returned);
        inFlight = true;
        return new Batch(taken, returned);
    }

    /** A batch is committed, or known never to be. */
    void done(final Batch batch) {
        inFlight = false;
        leaving = Set.of();
        if (!batch.promises().isEmpty()) {
            keptUpTo = batch.promises().getLast().number();
            journal.kept(keptUpTo);
            batch.promises()
                    .forEach(promise -> promise.touched().forEach(inode -> pending.remove(inode, promise.number())));
        }
        kept.signalAll();
    }

    /** Everything that waits is lost; returns it. */
    List<Promise> drop() {
        final List<Promise> lost = new ArrayList<>(waiting);
        waiting.clear();
        waitingBytes = 0;
        giveBack.clear();
        pending.clear();
        keptUpTo = accepted;
        journal.kept(keptUpTo);
        kept.signalAll();
        return lost;
    }

    /** What waits is still sent; nothing more is accepted. */
    void close() {
        closed = true;
        work.signalAll();
        kept.signalAll();
    }

    boolean isClosed() {
        return closed;
    }

    /** @throws StorageException {@code STALE_SESSION} when the client is closed */
    void requireOpen() {
        if (closed) {
            throw new StorageException(Failure.STALE_SESSION, "the client is closed");
        }
    }
}
