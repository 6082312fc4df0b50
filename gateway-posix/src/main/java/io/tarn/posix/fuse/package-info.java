/**
 * The FUSE protocol of Linux, spoken on {@code /dev/fuse} with no library between: requests of the kernel become calls of a
 * {@link io.tarn.posix.fs.FileSystem}, its results answers. Structures and numbers are those of {@code include/uapi/linux/fuse.h}, protocol
 * 7.31 to 7.45.
 *
 * <p>{@link io.tarn.posix.fuse.Mounting} gets a descriptor, {@link io.tarn.posix.fuse.FuseSession} serves it.
 */
package io.tarn.posix.fuse;
