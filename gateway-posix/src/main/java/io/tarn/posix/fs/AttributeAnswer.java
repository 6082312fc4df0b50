package io.tarn.posix.fs;

/**
 * Attributes, and for how long they may be remembered.
 *
 * @param attributes of the inode
 * @param attributeMillis how long the attributes may be taken to be these
 */
public record AttributeAnswer(Attributes attributes, long attributeMillis) {}
