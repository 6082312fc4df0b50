package io.tarn.posix.fs;

import io.tarn.client.Key;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The operations of a mounted file system, as the Linux VFS asks for them. Inodes are numbered as in the cluster and never reused; the
 * mounted directory has {@link #ROOT} beside. Numbers and handles mean the same to a successor of this process, so a transport may be
 * handed over while files are open.
 *
 * <p>Who may do what is checked by the kernel ({@code default_permissions}, with its own POSIX ACL code); what is decided here is what
 * follows from an operation: owners of what is made, set-id bits that fall, times.
 *
 * <p>Thread-safe; calls block. Interrupting the calling thread ends a wait with {@code EINTR} where nothing was done yet. Every
 * failure is a {@link PosixException}.
 */
public interface FileSystem extends AutoCloseable {
    /** Number of the mounted directory. */
    long ROOT = 1;

    /** What bears a name; {@code ENOENT} where nothing does. The kernel holds a reference to the inode until it is forgotten. */
    Entry lookup(Caller caller, long parent, Key name);

    /** The kernel has dropped {@code lookups} of its references to an inode. */
    void forget(long inode, long lookups);

    AttributeAnswer attributes(Caller caller, long inode);

    AttributeAnswer setAttributes(Caller caller, long inode, AttributeWish wish);

    Key readLink(Caller caller, long inode);

    /** A file, FIFO, socket or device node: type and permission bits in {@code mode}, the umask to be taken off. */
    Entry makeNode(Caller caller, long parent, Key name, int mode, int device);

    Entry makeDirectory(Caller caller, long parent, Key name, int mode);

    Entry makeSymlink(Caller caller, long parent, Key name, Key target);

    Entry link(Caller caller, long inode, long newParent, Key newName);

    void unlink(Caller caller, long parent, Key name);

    void removeDirectory(Caller caller, long parent, Key name);

    /** {@code flags} of renameat2(2): {@code RENAME_NOREPLACE} 1, {@code RENAME_EXCHANGE} 2; others are {@code EINVAL}. */
    void rename(Caller caller, long parent, Key name, long newParent, Key newName, int flags);

    /** {@code flags} of open(2), {@code O_TRUNC} among them. */
    Opened open(Caller caller, long inode, int flags);

    /** Makes and opens a file; without {@code O_EXCL} one that is there is opened. */
    Created create(Caller caller, long parent, Key name, int mode, int flags);

    /** A file that was made and opened. */
    record Created(Entry entry, Opened opened) {}

    /** Fills {@code target} as far as there are bytes before the end. */
    int read(long inode, long handle, long offset, ByteBuffer target);

    /**
     * Takes all of {@code bytes}, at the end of the file where it was opened to append; the buffer may be reused afterwards.
     *
     * @param dropPrivileges whether set-id bits fall
     */
    int write(Caller caller, long inode, long handle, long offset, ByteBuffer bytes, boolean dropPrivileges);

    /** A descriptor is closed: reports what went wrong in writing, makes it visible to others, and releases the owner's POSIX locks. */
    void flush(Caller caller, long inode, long handle, long lockOwner);

    /** The last descriptor is closed. {@code flockOwner}: its flock falls, unless 0. */
    void release(long inode, long handle, long flockOwner);

    void sync(long inode, long handle, boolean dataOnly);

    Opened openDirectory(Caller caller, long inode);

    /** Gives entries from {@code offset} on, {@code .} and {@code ..} first, until the sink is full or the directory is at its end. */
    void readDirectory(Caller caller, long inode, long handle, long offset, DirectorySink sink);

    void releaseDirectory(long inode, long handle);

    void syncDirectory(long inode, long handle);

    FileSystemStatistics statistics(long inode);

    byte[] xattr(Caller caller, long inode, Key name);

    List<Key> xattrs(Caller caller, long inode);

    /** {@code flags} of setxattr(2): {@code XATTR_CREATE} 1, {@code XATTR_REPLACE} 2. */
    void setXattr(Caller caller, long inode, Key name, byte[] value, int flags);

    void removeXattr(Caller caller, long inode, Key name);

    /** What would be in the way of a lock; {@link LockWish.Kind#NONE} where nothing is. */
    LockWish testLock(long inode, long handle, LockWish wish);

    /** Takes or releases a lock; without {@code wait}, {@code EAGAIN} where another is in the way. */
    void lock(long inode, long handle, LockWish wish, boolean wait);

    /** {@code mode} of fallocate(2). */
    void allocate(Caller caller, long inode, long handle, int mode, long offset, long length);

    /** {@code whence} of lseek(2): {@code SEEK_DATA} 3, {@code SEEK_HOLE} 4; {@code ENXIO} beyond the last. */
    long seek(long inode, long handle, long offset, int whence);

    /** copy_file_range(2); no bytes move. */
    long copyRange(
            Caller caller,
            long inode,
            long handle,
            long offset,
            long toInode,
            long toHandle,
            long toOffset,
            long length);

    /** A {@linkplain Caller#request request} was answered, and comes to no later process. */
    default void answered(final long request) {}

    /** From now on, what changes elsewhere is told to {@code kernel}. */
    void invalidate(Invalidation kernel);

    /** Writes what is not written yet, and lets everything go. */
    @Override
    void close();
}
