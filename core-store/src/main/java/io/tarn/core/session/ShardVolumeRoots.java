package io.tarn.core.session;

import io.tarn.client.Usage;
import io.tarn.core.control.VolumePolicy;
import io.tarn.core.control.VolumeRoots;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.NamespaceQueries;

/** The shards' half of volumes, over sessions with the shards. */
public final class ShardVolumeRoots implements VolumeRoots {
    private final ShardMap shards;

    public ShardVolumeRoots(final ShardMap shards) {
        this.shards = shards;
    }

    private static String tenant(final VolumePolicy policy) {
        return Long.toString(policy.tenantId());
    }

    @Override
    public long create(final int shard, final long volumeId, final VolumePolicy policy) {
        final ShardSession session = shards.number(shard);
        session.call(NamespaceCommands.setTenantQuota(tenant(policy), policy.tenantQuota()));
        return session.call(NamespaceCommands.createRoot(
                        volumeId, tenant(policy), 0, 0, policy.quota(), policy.versioning()))
                .getId()
                .getId();
    }

    @Override
    public void deleteIfEmpty(final int shard, final long volumeId) {
        shards.number(shard).call(NamespaceCommands.dropVolume(volumeId));
    }

    @Override
    public Usage usage(final int shard, final long volumeId) {
        return shards.number(shard).query((NamespaceQueries queries) -> queries.volumeUsage(volumeId));
    }

    @Override
    public void setPolicy(final int shard, final long volumeId, final VolumePolicy policy) {
        final ShardSession session = shards.number(shard);
        session.call(NamespaceCommands.setTenantQuota(tenant(policy), policy.tenantQuota()));
        session.call(NamespaceCommands.setVolumePolicy(volumeId, policy.quota(), policy.versioning()));
    }
}
