package io.tarn.posix.fs;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Recognises how a file is read through one descriptor: in order, in equal steps, or at random. Reads of the kernel's own read-ahead come
 * slightly out of order and count as in order. Thread-safe.
 */
final class ReadPattern {
    /** How far from the expected place a read in order may be. */
    static final long SLACK_BYTES = 1 << 20;
    /** Reads in order, or equal steps, before they are believed. */
    private static final int CERTAIN = 2;
    /** How far is read ahead of an established reader, at most, in reads of its size or blocks. */
    private static final int AHEAD_MAX = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private long expected;
    private long last;
    private long stride;
    private int inOrder = 1;
    private int equalSteps;

    /** What is worth reading besides what was asked for. */
    sealed interface Forecast {}

    /** Nothing: what comes next cannot be told. */
    record Random() implements Forecast {}

    /** The next so many blocks. */
    record Sequential(int blocks) implements Forecast {}

    /** As much as was asked for, at so many steps from there. */
    record Strided(long stride, int steps) implements Forecast {}

    Forecast next(final long offset, final int length) {
        lock.lock();
        try {
            final boolean follows = Math.abs(offset - expected) <= SLACK_BYTES && (inOrder > 0 || offset == expected);
            final long step = offset - last;
            final boolean equal = step != 0 && step == stride;
            expected = follows ? Math.max(expected, offset + length) : offset + length;
            inOrder = follows ? Math.min(inOrder + 1, AHEAD_MAX * CERTAIN) : 0;
            equalSteps = equal ? Math.min(equalSteps + 1, AHEAD_MAX * CERTAIN) : 0;
            stride = step;
            last = offset;
            if (equalSteps >= CERTAIN && Math.abs(step) > length) {
                return new Strided(step, Math.min(AHEAD_MAX, equalSteps));
            }
            return follows ? new Sequential(Math.min(AHEAD_MAX, Math.max(0, inOrder - CERTAIN))) : new Random();
        } finally {
            lock.unlock();
        }
    }
}
