package io.tarn.client;

/**
 * Times of an inode, in nanoseconds since the epoch. Reading does not change {@code accessed}: it is what was set, or the time of making.
 *
 * @param accessed as it was set last
 * @param modified last change of the bytes, or of a directory's entries
 * @param changed last change of anything
 * @param created when the inode was made
 */
public record NodeTimes(long accessed, long modified, long changed, long created) {}
