package io.tarn.core.session;

import io.tarn.client.Usage;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.control.VolumePolicy;
import io.tarn.core.control.VolumeRoots;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.TwoPhaseProposals;
import io.tarn.core.namespace.TwoPhaseQueries;
import io.tarn.core.namespace.wire.VolumeRecord;

/** The shards' half of volumes, over sessions with the shards. */
public final class ShardVolumeRoots implements VolumeRoots {
    private final ShardMap shards;
    private final ShardNames names;

    /** @param names by whom clients are asked that hold directories of a volume */
    public ShardVolumeRoots(final ShardMap shards, final ShardNames names) {
        this.shards = shards;
        this.names = names;
    }

    private static String tenant(final VolumePolicy policy) {
        return Long.toString(policy.tenantId());
    }

    @Override
    public long create(final int shard, final long volumeId, final VolumePolicy policy) {
        final ShardSession session = shards.number(shard);
        session.call(NamespaceCommands.setTenantQuota(tenant(policy), policy.tenantQuota()));
        final boolean spans = shards.all().size() > 1;
        final long root = session.call(NamespaceCommands.createRoot(
                        volumeId, tenant(policy), 0, 0, policy.quota(), policy.versioning(), spans))
                .getId()
                .getId();
        if (spans) {
            attach(session, volumeId, policy);
        }
        return root;
    }

    private void attach(final ShardSession home, final long volumeId, final VolumePolicy policy) {
        final VolumeRecord volume = home.shard()
                .read(store -> new TwoPhaseQueries(store).volume(volumeId))
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "volume " + volumeId + " is gone again"));
        for (final ShardSession other : shards.all()) {
            if (other.shard().number() != home.shard().number()) {
                other.call(NamespaceCommands.setTenantQuota(tenant(policy), policy.tenantQuota()));
                other.call(TwoPhaseProposals.attach(volumeId, volume));
                other.call(NamespaceCommands.setVolumePolicy(volumeId, policy.quota(), policy.versioning(), true));
            }
        }
    }

    @Override
    public void deleteIfEmpty(final int shard, final long volumeId) {
        // The home shard decides: no directory is left anywhere when its root is empty.
        names.callIn(shards.number(shard), NamespaceCommands.dropVolume(volumeId));
        for (final ShardSession other : shards.all()) {
            if (other.shard().number() != shard) {
                other.call(NamespaceCommands.dropVolume(volumeId));
            }
        }
    }

    @Override
    public Usage usage(final int shard, final long volumeId) {
        long bytes = 0;
        long inodes = 0;
        for (final ShardSession session : shards.all()) {
            final Usage part = session.query((NamespaceQueries queries) -> queries.volumeUsage(volumeId));
            bytes += part.bytes();
            inodes += part.inodes();
        }
        return new Usage(bytes, inodes);
    }

    @Override
    public void setPolicy(final int shard, final long volumeId, final VolumePolicy policy) {
        final ShardSession home = shards.number(shard);
        final boolean spans = shards.all().size() > 1;
        home.call(NamespaceCommands.setTenantQuota(tenant(policy), policy.tenantQuota()));
        names.callIn(home, NamespaceCommands.setVolumePolicy(volumeId, policy.quota(), policy.versioning(), spans));
        if (spans) {
            // Shards that were added since the volume was made learn of it here.
            attach(home, volumeId, policy);
        }
    }

    @Override
    public void makeKnown(final int shard, final long volumeId, final VolumePolicy policy) {
        final boolean known = shards.all().stream().allMatch(session -> session.shard()
                .read(store -> new TwoPhaseQueries(store).volume(volumeId))
                .isPresent());
        if (!known) {
            setPolicy(shard, volumeId, policy);
        }
    }
}
