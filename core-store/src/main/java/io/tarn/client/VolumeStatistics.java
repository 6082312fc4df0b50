package io.tarn.client;

/**
 * How full a volume is.
 *
 * @param usage what it uses
 * @param quota what it may use, by its own quota and its tenant's: the tenant's free space counts for each of its volumes
 */
public record VolumeStatistics(Usage usage, Quota quota) {}
