package io.tarn.posix.fs;

/** Inode numbers of a mount: those of the cluster, but for the directory that is mounted. */
final class Numbers {
    private final long root;

    /** @param root the mounted directory's number in the cluster */
    Numbers(final long root) {
        this.root = root;
    }

    /** The cluster's number of what a caller names. */
    long inode(final long shown) {
        return shown == FileSystem.ROOT ? root : shown;
    }

    /** What callers call an inode. */
    long shown(final long inode) {
        return inode == root ? FileSystem.ROOT : inode;
    }

    long root() {
        return root;
    }
}
