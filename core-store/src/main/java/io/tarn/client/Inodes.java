package io.tarn.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tree of a volume by inodes, as mounts and HDFS use it. Every mutation is one commit: atomic, durable when the call returns, and
 * safe to retry. Permissions are the caller's matter. Thread-safe; calls block (made for virtual threads).
 *
 * <p>Names are bytes, at most 255 of them, without {@code /} and NUL. Names that only S3 can say appear here under an escape
 * (docs/semantics.md), and every call that takes a name takes the escaped form.
 *
 * <p>Failures that any call may have beside those it names: {@code NOT_FOUND} for an inode that is gone, {@code NOT_A_DIRECTORY} for a
 * parent that is none, {@code TOO_LARGE} and {@code INVALID_ARGUMENT} for names that cannot be, {@code QUOTA_EXCEEDED},
 * {@code UNAVAILABLE}, {@code TIMEOUT}.
 */
public interface Inodes {
    /** Entries that one page of a directory has at most. */
    int PAGE_MAX = 4096;

    /**
     * The same tree, whose changes the feed ascribes to a caller; those of files opened through it too. Costs nothing to make. What several
     * handles of a client wrote and one commit carries is ascribed to who wrote last.
     */
    Inodes from(Caller caller);

    /** The root directory of a volume; {@code NOT_FOUND} where there is no such volume. */
    Node root(long volume);

    /** The inode, if it is there; of a file that is open and written here, with the size its writer sees. */
    Optional<Node> find(long inode);

    /** What bears a name in a directory. */
    Optional<Node> lookup(long directory, Key name);

    /**
     * Follows names down from a directory, in one read. Symbolic links are not followed: the walk stops at them, as at everything else
     * that is not a directory.
     *
     * @return the directory it began at, then what was found, one for each name; shorter where a name was missing
     */
    List<Node> resolve(long directory, List<Key> names);

    /**
     * The name of a directory and its ancestors' from the root on, as it is at this moment.
     *
     * @throws io.tarn.core.StorageException {@code NOT_FOUND} when the directory is gone
     */
    List<Key> pathOf(long directory);

    /**
     * Lists entries with their inodes: one range scan and one read of the page's inodes. An entry that exists throughout the time of
     * all pages is given exactly once.
     *
     * @param after position of the last entry of the page before; empty for the start
     * @param limit at most {@link #PAGE_MAX}
     */
    DirectoryPage readDirectory(long directory, Key after, int limit);

    /**
     * Makes an inode and gives it a name.
     *
     * @param exclusive fail with {@code ALREADY_EXISTS} when the name is taken; else an existing regular file is the answer when a
     *     file is asked for
     */
    Node make(long directory, Key name, NewNode what, boolean exclusive);

    /**
     * Gives a file another name: {@code ALREADY_EXISTS}, {@code IS_A_DIRECTORY}, {@code CROSS_VOLUME}, and {@code UNSUPPORTED} on a
     * volume that keeps versions, where a file has one name.
     */
    Node link(long inode, long directory, Key name);

    /**
     * Takes a name away; {@code IS_A_DIRECTORY} for a directory. The file stays while it has another name, a version of it is kept, or
     * somebody has it open.
     *
     * @param owner {@code tenant/user} that a delete marker will belong to
     */
    void unlink(long directory, Key name, String owner);

    /** Removes an empty directory: {@code NOT_EMPTY}, {@code NOT_A_DIRECTORY}. */
    void removeDirectory(long directory, Key name);

    /**
     * Moves an entry: {@code NOT_FOUND}, {@code ALREADY_EXISTS}, {@code NOT_EMPTY}, {@code IS_A_DIRECTORY}, {@code NOT_A_DIRECTORY},
     * {@code LOOP} for a directory that would come below itself, {@code CROSS_VOLUME}.
     *
     * @param owner {@code tenant/user} that a delete marker will belong to
     */
    Node rename(long fromDirectory, Key fromName, long toDirectory, Key toName, RenameMode mode, String owner);

    /** Changes attributes; a new size first commits what is written here and not yet committed. */
    Node setAttributes(long inode, AttributeChange change);

    /** An extended attribute. */
    Optional<byte[]> xattr(long inode, Key name);

    /** All extended attributes in byte order of their names. */
    Map<Key, byte[]> xattrs(long inode);

    /** Sets an extended attribute: {@code ALREADY_EXISTS}, {@code NOT_FOUND} as the mode says, {@code TOO_LARGE} beyond 64 KiB. */
    void setXattr(long inode, Key name, byte[] value, XattrMode mode);

    /** Removes an extended attribute; {@code NOT_FOUND} where it is not set. */
    void removeXattr(long inode, Key name);

    /**
     * Makes a file and opens it, in one commit; without {@code exclusive}, a file that is there is opened.
     *
     * @throws io.tarn.core.StorageException as {@link #make} and {@link #open}
     */
    OpenFile create(long directory, Key name, NewNode what, boolean exclusive);

    /**
     * Opens a regular file to read and write it. It stays readable and writable, without a name if need be, until the handle is closed or
     * the session ends. One commit, unless this client has the file open for writing already.
     *
     * @throws io.tarn.core.StorageException {@code IS_A_DIRECTORY}, {@code INVALID_ARGUMENT} for what has no bytes
     */
    OpenFile open(long inode);

    /**
     * Opens a regular file to read it, at the cost of a look-up and no commit. What is written to it is seen as by any reader. Its bytes
     * stay readable when its last name goes: for as long as the handle is open, if it was removed through this client or is open for half
     * a minute already, and else for ten minutes more; then reads fail with {@code NOT_FOUND}.
     *
     * @throws io.tarn.core.StorageException as {@link #open(long)}
     */
    OpenFile openForReading(long inode);

    /**
     * Opens a file as this session has it open already, through a process that is gone: what that has opened goes with the last handle of
     * this one. To be called while no handle of this client is open on it. Costs a look-up and no commit.
     *
     * @return empty if the session does not hold the file
     */
    Optional<Reopened> reopen(long inode);

    /**
     * A file that the session had open.
     *
     * @param writing whether the handle is for writing, as somebody had it open
     */
    record Reopened(OpenFile file, boolean writing) {}

    /**
     * Opens a file to write it under a lease: commits are refused with {@code LOCKED} once the lease has passed to another holder.
     *
     * @param lease of this inode
     */
    OpenFile open(long inode, Leases.Lease lease);

    /**
     * Moves the content of files to the end of another and removes them, in one commit; no bytes move. {@code INVALID_ARGUMENT} when a
     * source is the target or given twice.
     */
    Node concatenate(long target, List<Entry> sources, String owner);

    /** A name in a directory. */
    record Entry(long directory, Key name) {}

    /** How full a volume is. */
    VolumeStatistics statistics(long volume);
}
