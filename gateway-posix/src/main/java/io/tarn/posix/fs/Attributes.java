package io.tarn.posix.fs;

/**
 * What {@code stat} shows (stat(2)).
 *
 * @param inode number within the mount; {@link FileSystem#ROOT} for the directory that is mounted
 * @param mode type and permission bits
 * @param links names of a file
 * @param uid owner
 * @param gid group
 * @param device number of a device node, in the encoding of the kernel's {@code new_encode_dev}
 * @param size bytes
 * @param blocks of 512 bytes that are in use
 * @param accessedNanos since the epoch
 * @param modifiedNanos since the epoch
 * @param changedNanos since the epoch
 */
public record Attributes(
        long inode,
        int mode,
        int links,
        int uid,
        int gid,
        int device,
        long size,
        long blocks,
        long accessedNanos,
        long modifiedNanos,
        long changedNanos) {
    /** Preferred size of reads and writes, in bytes. */
    public static final int BLOCK_SIZE = 4096;
}
