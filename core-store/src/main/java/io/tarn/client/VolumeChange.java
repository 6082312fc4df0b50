package io.tarn.client;

import java.util.Map;
import java.util.Optional;

/**
 * A change of a volume's policy, applied in one commit.
 *
 * @param quota new limit, if it changes
 * @param versioning new state, if it changes; {@link Versioning#OFF} is refused once it was anything else
 * @param attributes attributes to set; an empty Optional removes one
 */
public record VolumeChange(
        Optional<Quota> quota, Optional<Versioning> versioning, Map<String, Optional<String>> attributes) {
    public VolumeChange {
        attributes = Map.copyOf(attributes);
    }

    public static VolumeChange ofQuota(final Quota quota) {
        return new VolumeChange(Optional.of(quota), Optional.empty(), Map.of());
    }

    public static VolumeChange ofVersioning(final Versioning versioning) {
        return new VolumeChange(Optional.empty(), Optional.of(versioning), Map.of());
    }

    public static VolumeChange ofAttribute(final String name, final Optional<String> value) {
        return new VolumeChange(Optional.empty(), Optional.empty(), Map.of(name, value));
    }
}
