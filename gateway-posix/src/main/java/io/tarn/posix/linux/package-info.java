/**
 * System calls of Linux that the JDK has no door to, bound through the foreign function interface: descriptors, memory mappings, mounts,
 * descriptors passed over sockets, threads woken out of a call. Knows nothing of file systems; called by {@code io.tarn.posix.fuse}
 * and by what hands mounts from process to process.
 */
package io.tarn.posix.linux;
