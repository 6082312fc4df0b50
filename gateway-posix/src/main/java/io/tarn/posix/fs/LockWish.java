package io.tarn.posix.fs;

/**
 * A lock, or with {@link Kind#NONE} its release (fcntl(2), flock(2)).
 *
 * @param owner whose it is: the kernel's number of a process's files, or of an open file
 * @param kind of lock
 * @param whole flock's lock on all of the file, that byte ranges do not see
 * @param start first byte
 * @param last last byte, inclusive; {@link Long#MAX_VALUE} to the end wherever that is
 * @param pid process to name to others
 */
public record LockWish(long owner, Kind kind, boolean whole, long start, long last, int pid) {
    /** What is wanted or held. */
    public enum Kind {
        NONE,
        SHARED,
        EXCLUSIVE
    }
}
