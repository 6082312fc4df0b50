package io.tarn.posix.fs;

import io.tarn.client.Key;

/** What a transport can tell the kernel to forget, because it changed elsewhere. Thread-safe; never called under a lock of the file system. */
public interface Invalidation {
    /** Attributes, and pages from an offset on ({@code length} 0: to the end; a negative offset: attributes only). */
    void inode(long inode, long offset, long length);

    /**
     * The same for attributes alone, done when this returns where the kernel can be told while it waits for an answer. What opens a file counts
     * on it: a program reads no further than to the end that its kernel knows of.
     */
    default void attributesAtOnce(final long inode) {
        inode(inode, -1, 0);
    }

    /** A name does not lead where it led. */
    void entry(long parent, Key name);

    /** A name is gone, with the inode that bore it: watchers are told. */
    void deleted(long parent, Key name, long inode);

    /** Does something, quick, when the kernel has been told all that was to be told before. */
    default void then(final Runnable told) {
        told.run();
    }

    /** Tells nobody. */
    Invalidation NOBODY = new Invalidation() {
        @Override
        public void inode(final long inode, final long offset, final long length) {}

        @Override
        public void entry(final long parent, final Key name) {}

        @Override
        public void deleted(final long parent, final Key name, final long inode) {}
    };
}
