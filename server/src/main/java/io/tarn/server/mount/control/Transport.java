package io.tarn.server.mount.control;

/** What carries requests between the kernel and a worker. */
public enum Transport {
    /** The FUSE protocol, spoken by the worker itself; outlives its process. */
    KERNEL
}
