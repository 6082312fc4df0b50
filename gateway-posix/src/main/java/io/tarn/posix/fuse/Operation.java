package io.tarn.posix.fuse;

import io.tarn.client.Key;
import io.tarn.posix.fs.AttributeWish;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.LockWish;

/** A request, read: all that its structures say and its header does not. Bytes to write stay in the buffer they came in. */
sealed interface Operation {
    record Lookup(Key name) implements Operation {}

    /** One pair for FORGET, many for BATCH_FORGET. Has no answer. */
    record Forget(long[] inodes, long[] lookups) implements Operation {}

    record GetAttributes() implements Operation {}

    record SetAttributes(AttributeWish wish) implements Operation {}

    record ReadLink() implements Operation {}

    record MakeSymlink(Key name, Key target) implements Operation {}

    record MakeNode(Key name, int mode, int device, int umask) implements Operation {}

    record MakeDirectory(Key name, int mode, int umask) implements Operation {}

    record Unlink(Key name) implements Operation {}

    record RemoveDirectory(Key name) implements Operation {}

    record Rename(Key name, long newParent, Key newName, int flags) implements Operation {}

    record Link(long inode, Key newName) implements Operation {}

    record Open(int flags, boolean dropPrivileges) implements Operation {}

    record Create(Key name, int flags, int mode, int umask, boolean dropPrivileges) implements Operation {}

    record Read(long handle, long offset, int size) implements Operation {}

    record Write(long handle, long offset, int size, boolean dropPrivileges) implements Operation {}

    record Flush(long handle, long lockOwner) implements Operation {}

    /** {@code flockOwner} 0: no flock falls. */
    record Release(long handle, long flockOwner) implements Operation {}

    record Sync(long handle, boolean dataOnly) implements Operation {}

    record OpenDirectory() implements Operation {}

    /** {@code plus}: with what a lookup of each entry would say. */
    record ReadDirectory(long handle, long offset, int size, boolean plus) implements Operation {}

    record ReleaseDirectory(long handle) implements Operation {}

    record SyncDirectory(long handle) implements Operation {}

    record Statistics() implements Operation {}

    /** {@code size} 0: only how large it is. */
    record GetXattr(Key name, int size) implements Operation {}

    /** {@code size} 0: only how large the list is. */
    record ListXattrs(int size) implements Operation {}

    /** {@code dropSetgid}: an access ACL is set by one who may not keep the bit. */
    record SetXattr(Key name, byte[] value, int flags, boolean dropSetgid) implements Operation {}

    record RemoveXattr(Key name) implements Operation {}

    record TestLock(long handle, LockWish wish) implements Operation {}

    record Lock(long handle, LockWish wish, boolean waits) implements Operation {}

    record Allocate(long handle, int mode, long offset, long length) implements Operation {}

    record Seek(long handle, long offset, int whence) implements Operation {}

    /** {@code wide}: the answer has room for 64 bits. */
    record CopyRange(
            long handle, long offset, long toInode, long toHandle, long toOffset, long length, long flags, boolean wide)
            implements Operation {}

    /** The kernel begins: versions and abilities it has. */
    record Initialize(int major, int minor, int maxReadahead, long flags) implements Operation {}

    /** A request is not to be waited for any more. */
    record Interrupt(long unique) implements Operation {}

    /** The kernel ends. */
    record Destroy() implements Operation {}

    /** What is not offered, in the words by which the kernel learns not to ask again. */
    record Unsupported(Errno errno) implements Operation {}
}
