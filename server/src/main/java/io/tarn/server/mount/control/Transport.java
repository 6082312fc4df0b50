package io.tarn.server.mount.control;

/** What carries requests between the kernel and a worker. */
public enum Transport {
    /** The FUSE protocol, spoken by the worker itself; outlives its process. */
    KERNEL,
    /** libfuse 2 by way of jnr-fuse; what is open ends with its process, and the mount is made again by the next. */
    JNR
}
