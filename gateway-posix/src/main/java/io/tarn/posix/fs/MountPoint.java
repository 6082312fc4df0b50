package io.tarn.posix.fs;

import io.tarn.client.Delegations;
import io.tarn.client.Inodes;
import io.tarn.client.Locks;
import java.util.Optional;

/**
 * What all operations of one mounted file system share.
 *
 * @param inodes the tree, changed on the owner's behalf
 * @param delegations what is written behind
 * @param locks of files
 * @param volume id of the volume
 * @param owner {@code tenant/user} on whose behalf it is mounted, as whole-object protocols show it
 * @param options of the mount
 * @param numbers of inodes
 * @param patience with the storage
 * @param memory what is remembered
 */
record MountPoint(
        Inodes inodes,
        Delegations delegations,
        Locks locks,
        long volume,
        String owner,
        MountOptions options,
        Numbers numbers,
        Patience patience,
        Memory memory) {
    /** The tree, for a change of a file that the change feed is to name as it was reached here. */
    Inodes inodes(final long inode) {
        return memory.way(inode)
                .map(name -> inodes.from(
                        new io.tarn.client.Caller(owner, Optional.of(new Inodes.Entry(name.parent(), name.name())))))
                .orElse(inodes);
    }

    /** What was answered is durable when this returns. */
    void flush() {
        patience.once(Failures.Doing.DATA, delegations::flush);
    }

    /** Before everything that changes something. */
    void requireWritable() {
        if (options.readOnly()) {
            throw Errno.EROFS.exception();
        }
    }
}
