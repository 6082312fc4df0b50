package io.tarn.posix.jnr;

import io.tarn.posix.fs.Errno;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files and directories that are open: libfuse keeps one number for each, the file system wants the inode with its own. Bounded by how
 * many files the file system lets be open. Thread-safe.
 */
final class OpenHandles {
    /** What a number stands for. */
    record Open(long inode, long handle) {}

    private final AtomicLong last = new AtomicLong();
    private final Map<Long, Open> opens = new ConcurrentHashMap<>();

    /** The number of something that was opened. */
    long add(final long inode, final long handle) {
        final long number = last.incrementAndGet();
        opens.put(number, new Open(inode, handle));
        return number;
    }

    /** {@code EBADF} where it is not open. */
    Open get(final long number) {
        return Optional.ofNullable(opens.get(number)).orElseThrow(Errno.EBADF::exception);
    }

    Optional<Open> remove(final long number) {
        return Optional.ofNullable(opens.remove(number));
    }

    /** Looks through all: for rare questions. */
    boolean has(final long inode) {
        return opens.values().stream().anyMatch(open -> open.inode() == inode);
    }
}
