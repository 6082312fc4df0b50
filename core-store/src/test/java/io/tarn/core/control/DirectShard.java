package io.tarn.core.control;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.KeyValueStore;
import io.tarn.core.shard.LogEntry;
import io.tarn.core.shard.ReplicatedState;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.ShardStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A shard without a log: every command is applied at once, one per entry. Replies can be lost on request. */
final class DirectShard implements Shard {
    private final ReplicatedState state;
    private final KeyValueStore store;
    private final List<LogEntry> entries = new ArrayList<>();
    private long timeNanos = 1_000_000_000L;
    private int repliesToLose;

    DirectShard(final ReplicatedState state, final KeyValueStore store) {
        this.state = state;
        this.store = store;
    }

    synchronized void loseReplies(final int count) {
        repliesToLose = count;
    }

    synchronized void advance(final long nanos) {
        timeNanos += nanos;
    }

    synchronized List<LogEntry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public int number() {
        return 0;
    }

    @Override
    public synchronized CompletableFuture<byte[]> propose(final byte[] command) {
        final LogEntry entry = new LogEntry(entries.size() + 1L, ++timeNanos, List.of(command));
        entries.add(entry);
        final byte[] reply = applyTo(state, store, entry);
        if (repliesToLose > 0) {
            repliesToLose--;
            return CompletableFuture.failedFuture(new StorageException(Failure.TIMEOUT, "the reply was lost"));
        }
        return CompletableFuture.completedFuture(reply);
    }

    static byte[] applyTo(final ReplicatedState state, final KeyValueStore store, final LogEntry entry) {
        final List<byte[]> replies = new ArrayList<>();
        try (KeyValueStore.Snapshot before = store.snapshot()) {
            store.write(changes -> replies.addAll(state.apply(entry, before, changes)));
        }
        return replies.getFirst();
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        return query.apply(store);
    }

    @Override
    public synchronized long appliedIndex() {
        return entries.size();
    }

    @Override
    public boolean isLeader() {
        return true;
    }

    @Override
    public Optional<StorageException> stoppedBy() {
        return Optional.empty();
    }

    @Override
    public synchronized ShardStats stats() {
        return new ShardStats(entries.size(), entries.size(), entries.size(), 0, 0, entries.size(), 0, -1);
    }
}
