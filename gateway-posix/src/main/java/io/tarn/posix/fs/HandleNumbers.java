package io.tarn.posix.fs;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers of open files and directories: what a descriptor may do, and a count that goes on from the time of the mount's start, so that
 * the numbers of a process are never those of the one before it. Thread-safe.
 */
final class HandleNumbers {
    private static final int FLAG_BITS = 4;
    private static final long WRITES = 1;
    private static final long APPENDS = 2;
    private static final long DIRECT = 4;
    /** Handles that may be given out in each millisecond of a mount's life without meeting those of its successor. */
    private static final int PER_MILLISECOND_BITS = 10;

    private final AtomicLong last;

    HandleNumbers(final InstantSource clock) {
        this.last = new AtomicLong(clock.millis() << PER_MILLISECOND_BITS);
    }

    /** A number that an earlier process has given out, which a clock that was set back would give again. */
    void follow(final long number) {
        last.accumulateAndGet(number >>> FLAG_BITS, Math::max);
    }

    /** A new number. */
    long next(final int openFlags) {
        long flags = OpenFlags.writes(openFlags) ? WRITES : 0;
        flags |= OpenFlags.has(openFlags, OpenFlags.APPEND) ? APPENDS : 0;
        flags |= OpenFlags.has(openFlags, OpenFlags.DIRECT) ? DIRECT : 0;
        return (last.incrementAndGet() << FLAG_BITS) | flags;
    }

    static boolean writes(final long handle) {
        return (handle & WRITES) != 0;
    }

    static boolean appends(final long handle) {
        return (handle & APPENDS) != 0;
    }

    static boolean isDirect(final long handle) {
        return (handle & DIRECT) != 0;
    }
}
