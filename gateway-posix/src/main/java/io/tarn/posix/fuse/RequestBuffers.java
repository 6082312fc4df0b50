package io.tarn.posix.fuse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * The buffers that all mounts of a process share, of which few are kept when idle. A mount's readers hold one each; one
 * more, of a bounded number, is taken for each request that is handed on, and given back with its answer. When all are in use, readers wait: the kernel keeps
 * further requests, and their callers wait as on a slow disk.
 *
 * <p>Thread-safe.
 */
public final class RequestBuffers implements AutoCloseable {
    /** As many requests are handed on at once, unless told otherwise; 1 MiB of address space each, of which the front is resident. */
    public static final int DEFAULT_LIMIT = 512;

    /** As many idle ones are kept, with what is resident of them. */
    private static final int IDLE_LIMIT = 8;

    private final Semaphore permits;
    private final Deque<RequestBuffer> idle = new ArrayDeque<>(IDLE_LIMIT);
    private boolean closed;

    /** @param limit of buffers in use at once beside the readers' */
    public RequestBuffers(final int limit) {
        permits = new Semaphore(limit);
    }

    /** One for a reader, of which each mount has a fixed number: not counted against the limit. */
    RequestBuffer takeForReader() {
        synchronized (idle) {
            final RequestBuffer kept = idle.pollLast();
            if (kept != null) {
                return kept;
            }
        }
        return new RequestBuffer();
    }

    void giveFromReader(final RequestBuffer buffer) {
        synchronized (idle) {
            if (!closed && idle.size() < IDLE_LIMIT) {
                idle.addLast(buffer);
                return;
            }
        }
        buffer.free();
    }

    /** One more for a reader that hands its own on; waits till there is one, not to be interrupted, for a request is in hand. */
    RequestBuffer takeForRequest() {
        permits.acquireUninterruptibly();
        return takeForReader();
    }

    void giveFromRequest(final RequestBuffer buffer) {
        giveFromReader(buffer);
        permits.release();
    }

    /** Lets idle buffers go; those in use go when they are given back. */
    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.forEach(RequestBuffer::free);
            idle.clear();
        }
    }
}
