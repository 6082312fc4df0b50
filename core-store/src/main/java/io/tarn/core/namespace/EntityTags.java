package io.tarn.core.namespace;

import io.tarn.core.namespace.wire.Inode;

/**
 * Entity tags: what the writer gave, as long as it speaks of the content that is there; after a write in place, a value bound to
 * the content generation, which its dash-zero tells from an MD5 (no multipart object has zero parts).
 */
final class EntityTags {
    private EntityTags() {}

    static String of(final Inode inode) {
        final String given = inode.getObject().getEtag();
        return !given.isEmpty() && inode.getEtagGeneration() == inode.getContentGeneration()
                ? given
                : "%032x-0".formatted(inode.getContentGeneration());
    }
}
