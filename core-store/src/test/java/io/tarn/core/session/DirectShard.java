package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.namespace.NamespaceState;
import io.tarn.core.shard.LogEntry;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.ShardStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A shard of names without a log: each command is applied at once, to a store in memory. */
final class DirectShard implements Shard {
    static final int NUMBER = 1;

    final MemoryStore store;
    private final NamespaceState state;
    private long index;
    private int repliesToLose;

    DirectShard() {
        this.state = new NamespaceState(NUMBER);
        this.store = new MemoryStore(state.families());
    }

    /** The next commands are applied, and nobody hears of it. */
    synchronized void loseReplies(final int count) {
        repliesToLose = count;
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public synchronized CompletableFuture<byte[]> propose(final byte[] command) {
        index++;
        final LogEntry entry = new LogEntry(index, index * 1_000_000_000L, List.of(command));
        final List<byte[]> replies = new ArrayList<>();
        store.write(changes -> replies.addAll(state.apply(entry, store, changes)));
        if (repliesToLose > 0) {
            repliesToLose--;
            return CompletableFuture.failedFuture(new StorageException(Failure.TIMEOUT, "the reply was lost"));
        }
        return CompletableFuture.completedFuture(replies.getFirst());
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        return query.apply(store);
    }

    @Override
    public synchronized long appliedIndex() {
        return index;
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
        return new ShardStats(index, index, index, 0, 0, index, 0, -1);
    }
}
