package io.tarn.core.crash;

import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.ShardStats;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Another shard, to be shown differently in one respect. */
abstract class ForwardingShard implements Shard {
    private final Shard shard;

    ForwardingShard(final Shard shard) {
        this.shard = shard;
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        return shard.read(query);
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
