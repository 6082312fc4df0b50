package io.tarn.core.shard;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueStore;
import io.tarn.core.wire.BatchEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis sees of a shard: applies committed entries to the store, and tells it from where to replay.
 *
 * <p>There is no snapshot to load at a restart: the {@link AppliedMark} is written with the changes of each entry and the store
 * flushes all families together, so the store itself is a snapshot at whatever mark it carries. Taking one is a flush (and a
 * checkpoint for other members to fetch, when there are any), after which Ratis may purge the log up to it.
 *
 * <p>On the leader the commands of a batch are applied as they were proposed and the replies handed straight to the proposer;
 * only followers and replays decode entries. An exception from the state leaves the store as it was and ends the shard: no
 * later entry is applied. Ratis is not told: its updater would stay at that entry for ever, and so would whoever closes the group at this
 * moment and waits for it to reach the last one. It is let past the entries, which stay in the log and are replayed by a restart.
 *
 * <p>Threading: entries and snapshots on Ratis's one updating thread; the rest on any.
 */
final class ShardStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(ShardStateMachine.class);

    private final RatisShard shard;
    private final ReplicatedState state;
    private final KeyValueStore store;
    private final ClientId self;
    private volatile AppliedMark applied;
    private volatile Optional<TermIndex> durable;
    private long configurationTerm;
    private Optional<StorageException> failure = Optional.empty();
    private long bytesSinceSnapshot;
    private final LongAdder applyNanos = new LongAdder();

    ShardStateMachine(
            final RatisShard shard, final ReplicatedState state, final KeyValueStore store, final ClientId self) {
        this.shard = shard;
        this.state = state;
        this.store = store;
        this.self = self;
        final Optional<AppliedMark> mark = AppliedMark.read(store);
        this.applied = mark.orElse(new AppliedMark(0, -1, 0));
        this.durable = mark.map(found -> TermIndex.valueOf(found.term(), found.index()));
        durable.ifPresent(this::setLastAppliedTermIndex);
    }

    long appliedIndex() {
        return getLastAppliedTermIndex().getIndex();
    }

    long appliedTimeNanos() {
        return applied.timeNanos();
    }

    long applyNanos() {
        return applyNanos.sum();
    }

    long snapshotIndex() {
        return durable.map(TermIndex::getIndex).orElse(-1L);
    }

    @Override
    public void initialize(final RaftServer server, final RaftGroupId group, final RaftStorage storage)
            throws IOException {
        super.initialize(server, group, storage);
        final Path log = storage.getStorageDir().getCurrentDir().toPath();
        SegmentTail.repair(log, ShardOptions.ENTRY_BYTES_MAX);
        LogStart.require(log, applied.index());
    }

    @Override
    public TransactionContext preAppendTransaction(final TransactionContext transaction) {
        shard.proposer().find(transaction.getClientRequest().getCallId()).ifPresent(Batch::appending);
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(final TransactionContext transaction) {
        final LogEntryProto entry = transaction.getLogEntry();
        if (failure.isEmpty()) {
            try {
                apply(entry);
            } catch (final RuntimeException | Error | IOException e) {
                LOG.error("{}: entry {} cannot be applied; the shard stops", shard.name(), entry.getIndex(), e);
                final StorageException cause = asFailure(e);
                failure = Optional.of(cause);
                shard.applyFailed(cause);
            }
        }
        // what was submitted while the shard stopped
        failure.ifPresent(
                cause -> own(entry).ifPresent(batch -> shard.proposer().failed(batch, cause)));
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /** The batch of an entry, if this node proposed it and still waits for its outcome. */
    private Optional<Batch> own(final LogEntryProto entry) {
        final StateMachineLogEntryProto logged = entry.getStateMachineLogEntry();
        return self.toByteString().equals(logged.getClientId())
                ? shard.proposer().find(logged.getCallId())
                : Optional.empty();
    }

    private static StorageException asFailure(final Throwable cause) {
        return cause instanceof StorageException known
                ? known
                : new StorageException(Failure.IO_ERROR, "an entry of the log cannot be applied: " + cause, cause);
    }

    private void apply(final LogEntryProto entry) throws IOException {
        final long begin = System.nanoTime();
        final StateMachineLogEntryProto logged = entry.getStateMachineLogEntry();
        final Optional<Batch> own = own(entry);
        final List<byte[]> commands;
        final long stamped;
        if (own.isPresent()) {
            commands = own.get().commands();
            stamped = own.get().timeNanos();
        } else {
            final BatchEntry decoded = decode(logged);
            commands = decoded.getCommandsList().stream()
                    .map(ByteString::toByteArray)
                    .toList();
            stamped = decoded.getTimeNanos();
        }
        final AppliedMark mark =
                new AppliedMark(entry.getTerm(), entry.getIndex(), Math.max(stamped, applied.timeNanos() + 1));
        final List<byte[]> replies = write(new LogEntry(mark.index(), mark.timeNanos(), commands), mark);
        applied = mark;
        updateLastAppliedTermIndex(mark.term(), mark.index());
        state.applied();
        applyNanos.add(System.nanoTime() - begin);
        own.ifPresent(batch -> {
            shard.lease().renew(mark.term(), batch.proposedNanos());
            shard.proposer().applied(batch, replies);
        });
        bytesSinceSnapshot += logged.getLogData().size();
        if (bytesSinceSnapshot >= shard.options().snapshotBytes()) {
            bytesSinceSnapshot = 0;
            shard.requestSnapshot();
        }
    }

    private List<byte[]> write(final LogEntry entry, final AppliedMark mark) {
        final List<List<byte[]>> replies = new ArrayList<>(1);
        store.write(changes -> {
            replies.add(entry.commands().isEmpty() ? List.of() : state.apply(entry, store, changes));
            mark.write(changes);
        });
        if (replies.getFirst().size() != entry.commands().size()) {
            throw new IllegalStateException(replies.getFirst().size() + " replies to "
                    + entry.commands().size() + " commands of entry " + entry.index());
        }
        return replies.getFirst();
    }

    private static BatchEntry decode(final StateMachineLogEntryProto logged) throws IOException {
        final CodedInputStream in =
                CodedInputStream.newInstance(logged.getLogData().asReadOnlyByteBuffer());
        return BatchEntry.parseFrom(in);
    }

    @Override
    public void notifyConfigurationChanged(
            final long term, final long index, final RaftConfigurationProto configuration) {
        configurationTerm = term;
        shard.lease().membersChanged(isAlone(configuration));
    }

    private static boolean isAlone(final RaftConfigurationProto configuration) {
        return configuration.getPeersCount() == 1 && configuration.getOldPeersCount() == 0;
    }

    /** Follows {@link #notifyConfigurationChanged} for the entry with which a leader begins its term, on the same thread. */
    @Override
    public void notifyLeaderReady() {
        shard.elected(configurationTerm, applied.timeNanos());
    }

    @Override
    public void notifyNotLeader(final Collection<TransactionContext> pendingEntries) {
        shard.lease().lost();
    }

    @Override
    public void notifyLogFailed(final Throwable cause, final LogEntryProto entry) {
        LOG.error("{}: the log cannot be written; the shard stops", shard.name(), cause);
        shard.logFailed(LogFailure.of(shard.name(), cause));
    }

    @Override
    public long takeSnapshot() throws IOException {
        final TermIndex upTo = getLastAppliedTermIndex();
        if (failure.isPresent() || upTo.getIndex() < 0) {
            return snapshotIndex();
        }
        bytesSinceSnapshot = 0;
        try {
            final AppliedMark mark = new AppliedMark(upTo.getTerm(), upTo.getIndex(), applied.timeNanos());
            store.write(mark::write);
            applied = mark;
            store.flush();
            shard.checkpoint(upTo);
        } catch (final StorageException e) {
            throw new IOException("snapshot of " + shard.name() + " at " + upTo + " failed", e);
        }
        durable = Optional.of(upTo);
        return upTo.getIndex();
    }

    @Override
    public SnapshotInfo getLatestSnapshot() {
        return durable.map(StoreSnapshot::new).orElse(null);
    }

    @Override
    public void close() {
        shard.lease().lost();
    }

    /** The store itself, whose files no member fetches by Ratis's own means. */
    private record StoreSnapshot(TermIndex termIndex) implements SnapshotInfo {
        @Override
        public TermIndex getTermIndex() {
            return termIndex;
        }

        @Override
        public List<FileInfo> getFiles() {
            return List.of();
        }
    }
}
