package io.tarn.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Byte-range locks (fcntl) and whole-file locks (flock), which do not see each other. They hold across all clients, and end with their
 * session. An owner is a number of the caller's choice, such as a process; its locks never hinder each other. Thread-safe.
 */
public interface Locks {
    /**
     * A lock.
     *
     * @param inode the file
     * @param owner whose it is, within the session
     * @param range what is locked
     * @param exclusive whether nobody else may hold any, or only no exclusive one
     * @param process id shown to others who ask what is in their way
     */
    record Lock(long inode, long owner, Range range, boolean exclusive, int process) {}

    /** What is locked. */
    sealed interface Range {}

    /** All of the file, by flock's rules. */
    record Whole() implements Range {}

    /** Bytes {@code [start, end)} by fcntl's rules; {@link Long#MAX_VALUE} for "to the end, wherever that is". */
    record Bytes(long start, long end) implements Range {}

    /** What became of a lock that was asked for. */
    sealed interface Result {}

    /** It is held; of its owner's other locks it has replaced what it covers. */
    record Granted() implements Result {}

    /** Somebody else's lock is in the way. */
    record Busy(Holder holder) implements Result {}

    /** Waiting would never end: whoever is in the way waits, directly or not, for this owner. */
    record Deadlock() implements Result {}

    /** The time ran out; nothing is held of what was asked for. */
    record TimedOut() implements Result {}

    /** A lock in the way. */
    record Holder(Range range, boolean exclusive, int process, boolean sameSession) {}

    /** Takes the lock if that is possible at once. */
    Result tryLock(Lock lock);

    /**
     * Takes the lock, waiting in line for it. The wait is for the calling thread: interrupting it withdraws the lock and throws
     * {@code UNAVAILABLE} with the interrupt flag set.
     */
    Result lock(Lock lock, Duration patience);

    /** Releases a range of what an owner holds; fine when it holds nothing there. */
    void unlock(long inode, long owner, Range range);

    /** Releases all that an owner has on a file, also what it waits for: its file is closed. */
    void unlockAll(long inode, long owner);

    /** What would be in the way of a lock. */
    Optional<Holder> conflict(Lock lock);
}
