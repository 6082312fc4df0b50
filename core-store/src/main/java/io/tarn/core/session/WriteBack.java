package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a client keeps in memory of the files it writes, and how many it has open, held to {@link Limits}. Thread-safe; three counters. */
public final class WriteBack {
    private final Limits limits;
    private final AtomicLong dirtyBytes = new AtomicLong();
    private final AtomicInteger handles = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();

    /**
     * Bounds of a client.
     *
     * @param fileBytes dirty bytes of one file that make it commit
     * @param allBytes dirty bytes of all files; beyond it a file commits after every write
     * @param streamFromBytes a run that has grown to this is written to extents as it comes, without waiting in memory
     * @param streamCommitBytes bytes of a long sequential write that are committed at once
     * @param streams files written through at a time, each of which keeps chunks of the buffer pool that all writers share
     * @param handles files open at a time
     */
    public record Limits(
            int fileBytes, long allBytes, int streamFromBytes, long streamCommitBytes, int streams, int handles) {
        public static final Limits DEFAULT = new Limits(4 << 20, 64L << 20, 256 << 10, 64L << 20, 8, 1 << 20);
    }

    public WriteBack(final Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    void opened() {
        if (handles.incrementAndGet() > limits.handles()) {
            handles.decrementAndGet();
            throw new StorageException(Failure.TOO_LARGE, "more than " + limits.handles() + " files are open");
        }
    }

    void closed() {
        handles.decrementAndGet();
    }

    /** Whether another file may be written through; who is refused gathers and commits in memory. */
    boolean beginStream() {
        if (streams.incrementAndGet() > limits.streams()) {
            streams.decrementAndGet();
            return false;
        }
        return true;
    }

    void endStream() {
        streams.decrementAndGet();
    }

    void changed(final long bytes) {
        dirtyBytes.addAndGet(bytes);
    }

    boolean isOver() {
        return dirtyBytes.get() > limits.allBytes();
    }
}
