package io.tarn.core.shard;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.FileLayer;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.KeyValueStore;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.wire.BatchEntry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A shard of one member on a simulated disk: the real state machine and the real entries, over a log and snapshots that know of no
 * file but through the file layer, and a store in memory that a crash takes back to its last snapshot.
 *
 * <p>Commands gather until somebody waits for a reply; then those that gathered go into one entry, on that thread. When the log
 * cannot be written the shard stops as a real one does: what it was about to log has an unknown outcome, proposals are refused,
 * reads are answered, {@link #resume} goes on.
 */
public final class SimulatedShard implements Shard {
    private static final long TERM = 1;

    private final int number;
    private final ReplicatedState state;
    private final FileLayer disk;
    private final Path directory;
    private final LongSupplier timeNanos;
    private final SimulatedSnapshots snapshots;
    private final Deque<Batch.Pending> queue = new ArrayDeque<>();
    private final MemoryStore store;
    private SimulatedLog log;
    private AppliedMark applied;
    private Optional<StorageException> stopped = Optional.empty();
    private long entries;

    private SimulatedShard(
            final int number,
            final ReplicatedState state,
            final FileLayer disk,
            final Path directory,
            final LongSupplier timeNanos) {
        this.number = number;
        this.state = state;
        this.disk = disk;
        this.directory = directory;
        this.timeNanos = timeNanos;
        this.snapshots = new SimulatedSnapshots(disk, directory.resolve("snapshots"));
        final List<Family> families = new ArrayList<>(state.families());
        families.add(AppliedMark.FAMILY);
        this.store = snapshots
                .newest()
                .map(dump -> MemoryStore.load(families, dump))
                .orElseGet(() -> new MemoryStore(families));
        this.applied = AppliedMark.read(store).orElse(new AppliedMark(TERM, 0, 0));
    }

    /** Makes the directories of a shard that does not exist yet, durably. */
    public static void format(final FileLayer disk, final Path directory) {
        disk.createDirectory(directory);
        disk.createDirectory(directory.resolve("snapshots"));
        disk.createDirectory(directory.resolve("log"));
        disk.forceDirectory(directory);
        disk.forceDirectory(directory.getParent());
    }

    /** Recovers from the newest snapshot and the whole entries behind it. */
    public static SimulatedShard open(
            final int number,
            final ReplicatedState state,
            final FileLayer disk,
            final Path directory,
            final LongSupplier timeNanos) {
        final SimulatedShard shard = new SimulatedShard(number, state, disk, directory, timeNanos);
        shard.openLog();
        return shard;
    }

    private void openLog() {
        log = SimulatedLog.open(disk, directory.resolve("log"), applied.index(), (index, bytes) -> {
            final List<byte[]> replies = apply(index, bytes);
            if (replies.isEmpty()) {
                throw new IllegalStateException("entry " + index + " has no commands");
            }
        });
    }

    private List<byte[]> apply(final long index, final byte[] bytes) {
        final BatchEntry batch;
        try {
            batch = BatchEntry.parseFrom(bytes);
        } catch (final InvalidProtocolBufferException e) {
            throw new StorageException(Failure.CORRUPT, "entry " + index + " cannot be read", e);
        }
        final AppliedMark mark = new AppliedMark(TERM, index, Math.max(batch.getTimeNanos(), applied.timeNanos() + 1));
        final LogEntry entry = new LogEntry(
                index,
                mark.timeNanos(),
                batch.getCommandsList().stream().map(ByteString::toByteArray).toList());
        final List<byte[]> replies = new ArrayList<>();
        store.write(changes -> {
            replies.addAll(state.apply(entry, store, changes));
            mark.write(changes);
        });
        applied = mark;
        return replies;
    }

    /** Logs and applies what has gathered. */
    private void drain() {
        if (queue.isEmpty()) {
            return;
        }
        final Batch batch = new Batch(++entries, timeNanos.getAsLong(), 0, List.copyOf(queue));
        queue.clear();
        final byte[] bytes = batch.encode().toByteArray();
        try {
            batch.succeed(apply(log.append(bytes), bytes));
        } catch (final StorageException e) {
            stopped = Optional.of(e);
            batch.fail(new StorageException(Failure.TIMEOUT, "the outcome is unknown: " + e.getMessage(), e));
        }
    }

    /** Takes a snapshot and removes the log before it. */
    public void snapshot() {
        try {
            log.begin();
            snapshots.take(store.dump(), applied.index());
            log.purge(applied.index());
        } catch (final StorageException e) {
            stopped = Optional.of(e);
            throw e;
        }
    }

    /** Goes on after the log could not be written, with whatever of it is there. */
    public void resume() {
        openLog();
        stopped = Optional.empty();
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public CompletableFuture<byte[]> propose(final byte[] command) {
        stopped.ifPresent(cause -> {
            throw new StorageException(Failure.UNAVAILABLE, cause.getMessage(), cause);
        });
        final Batch.Pending pending = new Batch.Pending(command, 0);
        queue.addLast(pending);
        final Awaited<Void> now = new Awaited<>();
        now.complete(null);
        return now.thenCombine(pending.reply(), (nothing, reply) -> reply);
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        try (KeyValueStore.Snapshot snapshot = store.snapshot()) {
            return query.apply(snapshot);
        }
    }

    @Override
    public long appliedIndex() {
        return applied.index();
    }

    @Override
    public boolean isLeader() {
        return stopped.isEmpty();
    }

    @Override
    public Optional<StorageException> stoppedBy() {
        return stopped;
    }

    @Override
    public ShardStats stats() {
        return new ShardStats(entries, entries, entries, queue.size(), 0, applied.index(), 0, -1);
    }

    /** A future, and all that come of it, of which whoever waits has the queue logged. */
    private final class Awaited<T> extends CompletableFuture<T> {
        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new Awaited<>();
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            drain();
            return super.get();
        }

        @Override
        public T get(final long timeout, final TimeUnit unit)
                throws InterruptedException, ExecutionException, TimeoutException {
            drain();
            return super.get(timeout, unit);
        }
    }
}
