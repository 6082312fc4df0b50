package io.tarn.posix.fuse;

import java.time.Duration;

/** Counts who is at work with something, so that it is let go after the last of them. Thread-safe. */
final class Gathering {
    private final Runnable afterLast;
    private int present;
    private boolean closing;

    /** @param afterLast run once, when it is closing and nobody is at work; by whoever is the last */
    Gathering(final Runnable afterLast) {
        this.afterLast = afterLast;
    }

    synchronized void enter() {
        present++;
    }

    synchronized void leave() {
        present--;
        notifyAll();
        if (closing && present == 0) {
            afterLast.run();
        }
    }

    /** Nobody may enter any more but those that one at work lets in. */
    synchronized void close() {
        if (!closing) {
            closing = true;
            if (present == 0) {
                afterLast.run();
            }
        }
    }

    /** Waits until at most {@code remaining} are at work; whether that came about in time. */
    synchronized boolean await(final int remaining, final Duration patience) throws InterruptedException {
        final long deadline = System.nanoTime() + patience.toNanos();
        while (present > remaining) {
            final long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            // one more, so that less than a millisecond is not for ever
            wait(Duration.ofNanos(left).toMillis() + 1);
        }
        return true;
    }
}
