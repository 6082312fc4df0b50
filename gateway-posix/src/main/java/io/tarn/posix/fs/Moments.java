package io.tarn.posix.fs;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers the moments at which something that was remembered turned out to have changed. Thread-safe. */
final class Moments {
    private final AtomicLong last = new AtomicLong();

    /** The moment before anything that is read from here on. */
    long now() {
        return last.get();
    }

    long next() {
        return last.incrementAndGet();
    }
}
