package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.KeyValueStore;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.namespace.NamespaceState;
import io.tarn.core.shard.LogEntry;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.ShardStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A shard of names without a log: every command is applied at once, as an entry of its own. */
final class MemoryShard implements Shard {
    private final int number;
    private final NamespaceState state;
    private final KeyValueStore store;
    private final LongSupplier clock;
    private final Runnable beforeEach;
    private final Runnable afterEach;
    private long index;
    private long lastNanos;
    private int repliesToLose;

    /** Shard 1, whose time goes on by a second from entry to entry. */
    static MemoryShard alone() {
        final AtomicLong seconds = new AtomicLong();
        return new MemoryShard(1, () -> seconds.incrementAndGet() * 1_000_000_000L, () -> {}, () -> {});
    }

    MemoryShard(final int number, final LongSupplier clock, final Runnable beforeEach, final Runnable afterEach) {
        this.number = number;
        this.state = new NamespaceState(number);
        this.store = new MemoryStore(state.families());
        this.clock = clock;
        this.beforeEach = beforeEach;
        this.afterEach = afterEach;
    }

    KeyValueStore store() {
        return store;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public CompletableFuture<byte[]> propose(final byte[] command) {
        beforeEach.run();
        final byte[] reply = apply(command);
        afterEach.run();
        return isReplyLost()
                ? CompletableFuture.failedFuture(new StorageException(Failure.TIMEOUT, "the reply was lost"))
                : CompletableFuture.completedFuture(reply);
    }

    /** The next commands are applied, and nobody hears of it. */
    synchronized void loseReplies(final int count) {
        repliesToLose = count;
    }

    private synchronized boolean isReplyLost() {
        return repliesToLose > 0 && repliesToLose-- > 0;
    }

    private synchronized byte[] apply(final byte[] command) {
        lastNanos = Math.max(lastNanos + 1, clock.getAsLong());
        final LogEntry entry = new LogEntry(++index, lastNanos, List.of(command));
        final List<byte[]> replies = new ArrayList<>();
        try (KeyValueStore.Snapshot before = store.snapshot()) {
            store.write(changes -> replies.addAll(state.apply(entry, before, changes)));
        }
        return replies.getFirst();
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        try (KeyValueStore.Snapshot frozen = store.snapshot()) {
            return query.apply(frozen);
        }
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
