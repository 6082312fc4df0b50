package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.KeyValueStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Raft group as its clients on this node see it: a {@link Proposer} in front of the log, a {@link LeaderLease} in front of
 * the store.
 *
 * <p>When the log cannot be written, or an entry cannot be applied, the shard <em>stops</em>: what waits fails, and so do later
 * proposals, with the cause. Reads fail too in the second case; in the first a sole member still answers them. After a full disk the node resumes it once there is room; after anything else an
 * operator must look first, for a disk that failed to sync may have lost what it will still show.
 *
 * <p>Cost of a read: the lease check and a snapshot of the store (about a microsecond) around the query, on the caller's
 * thread. Thread-safe. Futures complete on the applying thread: do not block in their dependents.
 */
final class RatisShard implements Shard {
    private static final Logger LOG = LoggerFactory.getLogger(RatisShard.class);

    private final ShardSpec spec;
    private final String name;
    private final ShardOptions options;
    private final KeyValueStore store;
    private final Checkpoints checkpoints;
    private final RatisNode node;
    private final LeaderLease lease;
    private final Proposer proposer;
    private final AtomicReference<Optional<StorageException>> stopped = new AtomicReference<>(Optional.empty());
    private volatile Optional<StorageException> unreadable = Optional.empty();
    private volatile ShardStateMachine machine;

    RatisShard(
            final ShardSpec spec,
            final ShardOptions options,
            final KeyValueStore store,
            final Checkpoints checkpoints,
            final RatisNode node) {
        this.spec = spec;
        this.name = "shard " + spec.number();
        this.options = options;
        this.store = store;
        this.checkpoints = checkpoints;
        this.node = node;
        this.lease = new LeaderLease(name, options.lease().toNanos(), System::nanoTime, this::renewLease);
        this.proposer = new Proposer(name, node.submitter(spec.number()), lease, options.proposalTimeout());
        this.machine = new ShardStateMachine(this, spec.state(), store, node.clientId());
    }

    @Override
    public int number() {
        return spec.number();
    }

    @Override
    public CompletableFuture<byte[]> propose(final byte[] command) {
        return proposer.propose(command);
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        final Optional<StorageException> cause = unreadable;
        if (cause.isPresent()) {
            throw new StorageException(Failure.IO_ERROR, cause.get().getMessage(), cause.get());
        }
        final LeaderLease.Held right = lease.begin();
        final T answer;
        try (KeyValueStore.Snapshot snapshot = store.snapshot()) {
            answer = query.apply(snapshot);
        } catch (final RuntimeException e) {
            // also "not found" is an answer, and may be stale
            if (lease.stillHeld(right)) {
                throw e;
            }
            throw lease.unavailable();
        }
        if (!lease.stillHeld(right)) {
            throw lease.unavailable();
        }
        return answer;
    }

    @Override
    public long appliedIndex() {
        return machine.appliedIndex();
    }

    @Override
    public boolean isLeader() {
        return stopped.get().isEmpty() && lease.mayPropose();
    }

    @Override
    public ShardStats stats() {
        final ShardStateMachine now = machine;
        return proposer.stats(now.appliedIndex(), now.applyNanos(), now.snapshotIndex());
    }

    @Override
    public Optional<StorageException> stoppedBy() {
        return stopped.get();
    }

    /** A state machine for a new incarnation of the Raft group. */
    ShardStateMachine newMachine() {
        machine = new ShardStateMachine(this, spec.state(), store, node.clientId());
        return machine;
    }

    void start() {
        proposer.start();
    }

    void elected(final long term, final long lastTimeNanos) {
        proposer.observeTime(lastTimeNanos);
        final boolean alone = node.isAlone(spec.number());
        lease.elected(term, alone);
        LOG.info("{}: leads term {}", name, term);
        if (!alone) {
            renewLease();
        }
    }

    /** The log takes no entries. The store holds all that was acknowledged, so a sole member goes on answering reads. */
    void logFailed(final StorageException cause) {
        stop(cause);
    }

    /** An entry could not be applied: the store is behind what the log has, and is not read any more. */
    void applyFailed(final StorageException cause) {
        unreadable = Optional.of(cause);
        stop(cause);
    }

    private void stop(final StorageException cause) {
        if (stopped.compareAndSet(Optional.empty(), Optional.of(cause))) {
            LOG.error("{}: stopped: {}", name, cause.getMessage());
            lease.lost();
            proposer.stop(cause);
            node.stopped(this, cause);
        }
    }

    /** The group runs again on a fresh machine. */
    void resumed() {
        stopped.set(Optional.empty());
        unreadable = Optional.empty();
        proposer.resume();
        LOG.info("{}: resumed", name);
    }

    /** Makes the store durable; a division that restarts counts what was applied as its snapshot. */
    void flush() {
        store.flush();
    }

    void checkpoint(final TermIndex upTo) {
        if (!node.isAlone(spec.number())) {
            checkpoints.take(store, upTo);
        }
    }

    void requestSnapshot() {
        node.requestSnapshot(spec.number());
    }

    void close() {
        proposer.close();
        store.close();
    }

    private void renewLease() {
        proposer.renew();
    }

    String name() {
        return name;
    }

    ShardSpec spec() {
        return spec;
    }

    ShardOptions options() {
        return options;
    }

    Proposer proposer() {
        return proposer;
    }

    LeaderLease lease() {
        return lease;
    }
}
