package io.tarn.posix.fs;

import io.tarn.client.Key;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Remembers what a kernel was told to forget. */
final class KernelLog implements Invalidation {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    final Set<String> told = ConcurrentHashMap.newKeySet();

    @Override
    public void inode(final long inode, final long offset, final long length) {
        told.add((offset < 0 ? "attributes " : "pages ") + inode);
    }

    @Override
    public void entry(final long parent, final Key name) {
        told.add("entry " + parent + " " + name);
    }

    @Override
    public void deleted(final long parent, final Key name, final long inode) {
        told.add("deleted " + parent + " " + name + " " + inode);
    }

    void await(final String what) {
        final long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!told.contains(what)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the kernel was not told: " + what + ", but " + told);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
