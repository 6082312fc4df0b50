package io.tarn.client;

import java.util.Map;

/**
 * What a new volume starts with.
 *
 * @param quota its own limit
 * @param versioning whether old contents are kept
 * @param attributes what gateways keep with it
 */
public record VolumeSettings(Quota quota, Versioning versioning, Map<String, String> attributes) {
    public static final VolumeSettings DEFAULT = new VolumeSettings(Quota.NONE, Versioning.OFF, Map.of());

    public VolumeSettings {
        attributes = Map.copyOf(attributes);
    }
}
