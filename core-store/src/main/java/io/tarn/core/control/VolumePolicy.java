package io.tarn.core.control;

import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import java.util.Objects;

/**
 * What a shard has to know of a volume to rule it without asking the control group.
 *
 * @param tenantId number of the owning tenant, never used again after the tenant is gone
 * @param tenantQuota limit over all volumes of the tenant
 * @param quota the volume's own limit
 * @param versioning whether old contents are kept
 */
public record VolumePolicy(long tenantId, Quota tenantQuota, Quota quota, Versioning versioning) {
    public VolumePolicy {
        Objects.requireNonNull(tenantQuota);
        Objects.requireNonNull(quota);
        Objects.requireNonNull(versioning);
    }
}
