package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.shard.Batch.Pending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs the commands that wait at the same time into log entries, and keeps few entries in flight: while the disk syncs one,
 * the commands of the next gather.
 *
 * <p>Cost: a command is copied once, into its entry. Its way is caller → drain thread → Ratis's log writer (one write and one
 * fdatasync for all entries in its queue) → Ratis's leader thread → applying thread, which completes the futures: five
 * hand-overs, shared by the commands of an entry. Callers never enter Ratis: a caller interrupted in there would close the
 * group.
 *
 * <p>Threading: one daemon thread drains. {@link #applied} is called by the applying thread, {@link #failed} by any.
 */
final class Proposer implements AutoCloseable {
    /** Commands waiting in the queue of a shard. */
    static final int QUEUED_COMMANDS_MAX = 8_192;
    /** Bytes of commands waiting in the queue of a shard. */
    static final long QUEUED_BYTES_MAX = 16L << 20;

    private static final int BATCH_COMMANDS_MAX = 1_024;
    /** Leaves room for tags and lengths in an entry. */
    private static final int BATCH_BYTES_MAX = ShardOptions.ENTRY_BYTES_MAX - (16 << 10);

    /** Entries submitted and without an outcome: one is being synced while the other gathers. */
    static final int IN_FLIGHT_MAX = 2;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Proposer.class);

    private final String name;
    private final Submitter submitter;
    private final LeaderLease lease;
    private final long timeoutNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Deque<Pending> queue = new ArrayDeque<>();
    private final ConcurrentMap<Long, Batch> inFlight = new ConcurrentHashMap<>();
    private final Thread drain;

    private volatile boolean ended;
    private Optional<StorageException> stoppedBy = Optional.empty();
    private long queuedBytes;
    private boolean renewalWanted;
    private long proposals;
    private long entries;
    private long commandsSubmitted;
    private long lastCallId;
    private long lastTimeNanos;

    Proposer(final String name, final Submitter submitter, final LeaderLease lease, final Duration timeout) {
        this.name = name;
        this.submitter = submitter;
        this.lease = lease;
        this.timeoutNanos = timeout.toNanos();
        this.drain = Thread.ofPlatform().daemon().name(name + "-proposer").unstarted(this::run);
    }

    void start() {
        drain.start();
    }

    CompletableFuture<byte[]> propose(final byte[] command) {
        if (command.length > BATCH_BYTES_MAX) {
            throw new StorageException(
                    Failure.TOO_LARGE, "command of " + command.length + " bytes, at most " + BATCH_BYTES_MAX);
        }
        final Pending pending = new Pending(command, System.nanoTime());
        lock.lock();
        try {
            awaitRoom();
            queue.addLast(pending);
            queuedBytes += command.length;
            proposals++;
            work.signal();
        } finally {
            lock.unlock();
        }
        return pending.reply();
    }

    private void awaitRoom() {
        long patience = timeoutNanos;
        while (stoppedBy.isEmpty() && (queue.size() >= QUEUED_COMMANDS_MAX || queuedBytes >= QUEUED_BYTES_MAX)) {
            if (patience <= 0) {
                throw new StorageException(Failure.UNAVAILABLE, name + ": the queue of commands is full");
            }
            try {
                patience = room.awaitNanos(patience);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StorageException(Failure.UNAVAILABLE, name + ": interrupted while the queue was full", e);
            }
        }
        stoppedBy.ifPresent(cause -> {
            throw new StorageException(Failure.UNAVAILABLE, cause.getMessage(), cause);
        });
    }

    /** The batch that this node proposed under {@code callId}, if it still waits for its outcome. */
    Optional<Batch> find(final long callId) {
        return Optional.ofNullable(inFlight.get(callId));
    }

    /** The entry of {@code batch} is durable on a majority and applied here. */
    void applied(final Batch batch, final List<byte[]> replies) {
        if (forget(batch)) {
            batch.succeed(replies);
        }
    }

    /** The entry of {@code batch} will not be answered. */
    void failed(final Batch batch, final Throwable cause) {
        if (forget(batch)) {
            batch.fail(outcome(batch, cause));
        }
    }

    private StorageException outcome(final Batch batch, final Throwable cause) {
        return batch.mayBeInLog()
                ? new StorageException(Failure.TIMEOUT, name + ": the outcome is unknown: " + cause.getMessage(), cause)
                : new StorageException(Failure.UNAVAILABLE, name + ": " + cause.getMessage(), cause);
    }

    private boolean forget(final Batch batch) {
        if (!batch.settle()) {
            return false;
        }
        inFlight.remove(batch.callId());
        lock.lock();
        try {
            work.signal();
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** Asks for an entry of its own to renew the lease, soon. */
    void renew() {
        lock.lock();
        try {
            renewalWanted = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Entries stamped from now on are later than {@code timeNanos}. */
    void observeTime(final long timeNanos) {
        lock.lock();
        try {
            lastTimeNanos = Math.max(lastTimeNanos, timeNanos);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!ended) {
                expire();
                final Optional<Batch> next = next();
                if (next.isPresent()) {
                    submit(next.get());
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.info("{}: proposer interrupted", name);
        }
    }

    private void submit(final Batch batch) {
        inFlight.put(batch.callId(), batch);
        if (!lease.mayPropose() && !batch.commands().isEmpty()) {
            failed(
                    batch,
                    lease.leads()
                            ? new IllegalStateException("a former leader's lease may still run")
                            : new IllegalStateException("this node is not the leader"));
            return;
        }
        submitter.submit(batch, this);
    }

    /** What is to be proposed now, or empty after having waited for a while. */
    private Optional<Batch> next() throws InterruptedException {
        lock.lock();
        try {
            if (!mayTake()) {
                awaitWork();
            }
            if (!mayTake()) {
                return Optional.empty();
            }
            renewalWanted = false;
            return Optional.of(take());
        } finally {
            lock.unlock();
        }
    }

    private boolean mayTake() {
        return stoppedBy.isEmpty()
                && inFlight.size() < IN_FLIGHT_MAX
                && (!queue.isEmpty() || renewalWanted || lease.wantsRenewal());
    }

    /** Waits once; the drain thread loops around it, and a spurious wake-up only makes it look. */
    @SuppressWarnings("WaitNotInLoop")
    private void awaitWork() throws InterruptedException {
        if (lease.leads() && !lease.alone()) {
            work.awaitNanos(lease.renewalCheckNanos());
        } else if (inFlight.isEmpty()) {
            work.await();
        } else {
            work.await(1, TimeUnit.SECONDS);
        }
    }

    private Batch take() {
        final List<Pending> taken = new ArrayList<>(Math.min(queue.size(), BATCH_COMMANDS_MAX));
        long bytes = 0;
        while (!queue.isEmpty() && taken.size() < BATCH_COMMANDS_MAX) {
            // a tag and a length of up to 4 bytes stand before each command
            bytes += queue.getFirst().command().length + 5;
            if (!taken.isEmpty() && bytes > BATCH_BYTES_MAX) {
                break;
            }
            final Pending pending = queue.removeFirst();
            queuedBytes -= pending.command().length;
            taken.add(pending);
        }
        room.signalAll();
        entries++;
        commandsSubmitted += taken.size();
        final Instant now = Instant.now();
        lastTimeNanos = Math.max(lastTimeNanos + 1, TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano());
        return new Batch(++lastCallId, lastTimeNanos, System.nanoTime(), taken);
    }

    /** Gives up what has waited too long: commands still queued were never proposed, those in flight may be applied yet. */
    private void expire() {
        final long oldest = System.nanoTime() - timeoutNanos;
        final List<Pending> expired = new ArrayList<>();
        lock.lock();
        try {
            while (!queue.isEmpty() && queue.getFirst().queuedNanos() - oldest < 0) {
                final Pending pending = queue.removeFirst();
                queuedBytes -= pending.command().length;
                expired.add(pending);
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
        refuse(expired, new StorageException(Failure.UNAVAILABLE, name + ": waited too long to be proposed"));
        inFlight.values().stream()
                .filter(batch -> batch.proposedNanos() - oldest < 0)
                .forEach(batch -> failed(batch, new IllegalStateException("no reply came in time")));
    }

    private static void refuse(final List<Pending> commands, final StorageException cause) {
        commands.forEach(pending -> pending.reply()
                .completeExceptionally(new StorageException(Failure.UNAVAILABLE, cause.getMessage(), cause)));
    }

    /** Fails everything that waits, and every later proposal until {@link #resume}, because of {@code cause}. */
    void stop(final StorageException cause) {
        final List<Pending> dropped;
        lock.lock();
        try {
            stoppedBy = Optional.of(cause);
            dropped = List.copyOf(queue);
            queue.clear();
            queuedBytes = 0;
            work.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        refuse(dropped, cause);
        inFlight.values().forEach(batch -> failed(batch, cause));
    }

    void resume() {
        lock.lock();
        try {
            stoppedBy = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        ended = true;
        final StorageException cause = new StorageException(Failure.UNAVAILABLE, name + " is closed");
        stop(cause);
        try {
            if (drain.isAlive()) {
                drain.join(STOP_PATIENCE);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // what the drain thread had in its hands when the rest was failed
        inFlight.values().forEach(batch -> failed(batch, cause));
    }

    ShardStats stats(final long appliedIndex, final long applyNanos, final long snapshotIndex) {
        lock.lock();
        try {
            return new ShardStats(
                    proposals,
                    entries,
                    commandsSubmitted,
                    queue.size(),
                    inFlight.size(),
                    appliedIndex,
                    applyNanos,
                    snapshotIndex);
        } finally {
            lock.unlock();
        }
    }

    /** Hands a batch to the log; reports a failure to the proposer it is given. */
    interface Submitter {
        void submit(Batch batch, Proposer proposer);
    }
}
