/**
 * A second way to a kernel: libfuse 2 through jnr-fuse, for where the kernel's own protocol is not to be spoken. What libfuse asks for by paths
 * becomes calls of a {@link io.tarn.posix.fs.FileSystem} by inode. Nothing else sees jnr, and nothing of jnr is loaded before the first
 * {@link io.tarn.posix.jnr.JnrMount} is made.
 *
 * <p>The way of a request: a {@link io.tarn.posix.jnr.ServingThread} hands it to libfuse, which calls back one of the {@code …Calls}, registered in the
 * {@link io.tarn.posix.jnr.OperationTable}.
 */
package io.tarn.posix.jnr;
