package io.tarn.posix.fs;

/**
 * What {@code statfs} shows (statvfs(3)); the quota is the size of the file system where there is one.
 *
 * @param blocks in all, of {@link Attributes#BLOCK_SIZE}
 * @param blocksFree of them
 * @param files inodes in all
 * @param filesFree of them
 * @param nameMax bytes of a name
 */
public record FileSystemStatistics(long blocks, long blocksFree, long files, long filesFree, int nameMax) {}
