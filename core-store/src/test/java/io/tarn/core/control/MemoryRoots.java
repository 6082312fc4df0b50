package io.tarn.core.control;

import io.tarn.client.Usage;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The shards' half of volumes, in a map. Calls can be made to fail before or after they took effect. */
final class MemoryRoots implements VolumeRoots {
    final Map<Long, VolumePolicy> policies = new HashMap<>();
    final Map<Long, Usage> usages = new HashMap<>();
    private Optional<Boolean> failAfterEffect = Optional.empty();

    void failNext(final boolean afterEffect) {
        failAfterEffect = Optional.of(afterEffect);
    }

    @Override
    public long create(final int shard, final long volumeId, final VolumePolicy policy) {
        acting(() -> policies.putIfAbsent(volumeId, policy));
        return 1_000 + volumeId;
    }

    @Override
    public void deleteIfEmpty(final int shard, final long volumeId) {
        if (usage(shard, volumeId).inodes() > 0) {
            throw new StorageException(Failure.NOT_EMPTY, "volume " + volumeId + " has entries");
        }
        acting(() -> policies.remove(volumeId));
    }

    @Override
    public Usage usage(final int shard, final long volumeId) {
        return usages.getOrDefault(volumeId, new Usage(0, 0));
    }

    @Override
    public void setPolicy(final int shard, final long volumeId, final VolumePolicy policy) {
        acting(() -> policies.put(volumeId, policy));
    }

    private void acting(final Runnable effect) {
        final Optional<Boolean> failure = failAfterEffect;
        failAfterEffect = Optional.empty();
        if (failure.isEmpty() || failure.get()) {
            effect.run();
        }
        if (failure.isPresent()) {
            throw new StorageException(Failure.UNAVAILABLE, "the shard went away");
        }
    }

    @Override
    public void makeKnown(final int shard, final long volumeId, final VolumePolicy policy) {
        // There is one shard.
    }
}
