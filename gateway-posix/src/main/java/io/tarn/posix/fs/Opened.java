package io.tarn.posix.fs;

/**
 * A file or directory that was opened.
 *
 * @param handle number of the open file; a successor of this process understands it too, together with the inode
 * @param keepCache whether pages that the kernel kept of the file are still good
 * @param directIo whether reads and writes go past the kernel's page cache
 */
public record Opened(long handle, boolean keepCache, boolean directIo) {}
