package io.tarn.posix.fs;

/**
 * What bears a name, and for how long that may be remembered.
 *
 * @param attributes of the inode
 * @param entryMillis how long the name may be taken to lead to this inode
 * @param attributeMillis how long the attributes may be taken to be these
 */
public record Entry(Attributes attributes, long entryMillis, long attributeMillis) {}
