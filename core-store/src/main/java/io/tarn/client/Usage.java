package io.tarn.client;

/**
 * What a volume or tenant uses, counted exactly in the same commit as each change.
 *
 * @param bytes logical bytes of content, all versions and unfinished uploads included
 * @param inodes files, directories, links and versions
 */
public record Usage(long bytes, long inodes) {}
