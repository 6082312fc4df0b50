package io.tarn.core.control;

import io.tarn.client.Volume;

/**
 * A volume and where its root directory lives.
 *
 * @param volume the volume as clients see it
 * @param shard number of the shard that holds the root directory
 */
public record VolumePlace(Volume volume, int shard) {}
