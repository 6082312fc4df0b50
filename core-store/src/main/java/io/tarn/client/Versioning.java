package io.tarn.client;

/** Whether a volume keeps what is overwritten and deleted. */
public enum Versioning {
    /** Never enabled. */
    OFF,
    ENABLED,
    /** New writes replace the null version; what was kept stays. */
    SUSPENDED
}
