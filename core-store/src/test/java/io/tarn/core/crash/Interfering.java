package io.tarn.core.crash;

import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.ShardStats;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A shard in which something happens right after a read, as another thread may do it. */
final class Interfering implements Shard {
    private final Shard shard;
    private Runnable afterRead = () -> {};
    private int readsBefore;

    Interfering(final Shard shard) {
        this.shard = shard;
    }

    /** Runs {@code action} once, after {@code reads} more reads. */
    void after(final int reads, final Runnable action) {
        readsBefore = reads;
        afterRead = action;
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        final T answer = shard.read(query);
        if (readsBefore > 0 && --readsBefore == 0) {
            afterRead.run();
        }
        return answer;
    }

    @Override
    public int number() {
        return shard.number();
    }

    @Override
    public CompletableFuture<byte[]> propose(final byte[] command) {
        return shard.propose(command);
    }

    @Override
    public long appliedIndex() {
        return shard.appliedIndex();
    }

    @Override
    public boolean isLeader() {
        return shard.isLeader();
    }

    @Override
    public Optional<StorageException> stoppedBy() {
        return shard.stoppedBy();
    }

    @Override
    public ShardStats stats() {
        return shard.stats();
    }
}
