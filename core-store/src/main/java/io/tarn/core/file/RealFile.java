package io.tarn.core.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.StampedLock;

/**
 * A file descriptor of our own. A {@link java.nio.channels.FileChannel} would not do: interrupting any thread that uses one
 * closes it for all, it has no positional gather write, and does not give out its descriptor for {@code fallocate}.
 *
 * <p>Cost: one system call per operation and no copy for direct buffers; heap buffers are copied once. Calls share a
 * {@link StampedLock} in read mode, so that a descriptor is never closed, and its number reused, under a call in flight.
 */
final class RealFile implements StoredFile {
    private static final long VECTOR_BYTES = 16;

    private final StampedLock use = new StampedLock();
    private final String path;
    private final int descriptor;
    private boolean closed;

    RealFile(final String path, final int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    @Override
    public void write(final long offset, final ByteBuffer... sources) {
        final long stamp = enter();
        try {
            final ByteBuffer[] direct = sources.clone();
            for (int i = 0; i < direct.length; i++) {
                if (!direct[i].isDirect()) {
                    direct[i] = ByteBuffer.allocateDirect(sources[i].remaining())
                            .put(sources[i])
                            .flip();
                }
            }
            transfer(true, offset, direct);
        } finally {
            use.unlockRead(stamp);
        }
    }

    @Override
    public long read(final long offset, final ByteBuffer... destinations) {
        final long stamp = enter();
        try {
            final ByteBuffer[] direct = destinations.clone();
            for (int i = 0; i < direct.length; i++) {
                if (!direct[i].isDirect()) {
                    direct[i] = ByteBuffer.allocateDirect(destinations[i].remaining());
                }
            }
            final long read = transfer(false, offset, direct);
            for (int i = 0; i < direct.length; i++) {
                if (!destinations[i].isDirect()) {
                    destinations[i].put(direct[i].flip());
                }
            }
            return read;
        } finally {
            use.unlockRead(stamp);
        }
    }

    /** Moves bytes until the buffers are done or, reading, the file ends. */
    private long transfer(final boolean write, final long offset, final ByteBuffer[] buffers) {
        long done = 0;
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment vector =
                    arena.allocate(VECTOR_BYTES * Math.min(buffers.length, SystemCalls.MAX_VECTORS), Long.BYTES);
            int first = skipEmpty(buffers, 0);
            while (first < buffers.length) {
                final int count = fill(vector, buffers, first);
                final long moved = write
                        ? SystemCalls.writeVector(descriptor, vector, count, offset + done, path)
                        : SystemCalls.readVector(descriptor, vector, count, offset + done, path);
                if (moved == 0) {
                    if (write) {
                        throw new StorageException(Failure.IO_ERROR, "nothing more can be written to " + path);
                    }
                    return done;
                }
                done += moved;
                first = advance(buffers, first, moved);
            }
            return done;
        } finally {
            // the vector holds bare addresses, which do not keep the memory behind them alive
            Reference.reachabilityFence(buffers);
        }
    }

    private static int fill(final MemorySegment vector, final ByteBuffer[] buffers, final int first) {
        int count = 0;
        for (int i = first; i < buffers.length && count < SystemCalls.MAX_VECTORS; i++) {
            if (buffers[i].hasRemaining()) {
                final long at = count * VECTOR_BYTES;
                vector.set(ADDRESS, at, MemorySegment.ofBuffer(buffers[i]));
                vector.set(JAVA_LONG, at + Long.BYTES, buffers[i].remaining());
                count++;
            }
        }
        return count;
    }

    private static int advance(final ByteBuffer[] buffers, final int first, final long moved) {
        long left = moved;
        int at = first;
        while (left > 0) {
            final int step = (int) Math.min(left, buffers[at].remaining());
            buffers[at].position(buffers[at].position() + step);
            left -= step;
            if (!buffers[at].hasRemaining()) {
                at++;
            }
        }
        return skipEmpty(buffers, at);
    }

    private static int skipEmpty(final ByteBuffer[] buffers, final int from) {
        int at = from;
        while (at < buffers.length && !buffers[at].hasRemaining()) {
            at++;
        }
        return at;
    }

    @Override
    public void force() {
        final long stamp = enter();
        try {
            SystemCalls.forceData(descriptor, path);
        } finally {
            use.unlockRead(stamp);
        }
    }

    @Override
    public void truncate(final long size) {
        final long stamp = enter();
        try {
            SystemCalls.truncate(descriptor, size, path);
        } finally {
            use.unlockRead(stamp);
        }
    }

    @Override
    public void punchHole(final long offset, final long length) {
        final long stamp = enter();
        try {
            SystemCalls.punchHole(descriptor, offset, length, path);
        } finally {
            use.unlockRead(stamp);
        }
    }

    @Override
    public void forgetCached(final long offset, final long length) {
        final long stamp = enter();
        try {
            SystemCalls.adviseUnneeded(descriptor, offset, length);
        } finally {
            use.unlockRead(stamp);
        }
    }

    @Override
    public long size() {
        final long stamp = enter();
        try {
            return SystemCalls.size(descriptor, path);
        } finally {
            use.unlockRead(stamp);
        }
    }

    @Override
    public void close() {
        final long stamp = use.writeLock();
        try {
            if (!closed) {
                closed = true;
                SystemCalls.close(descriptor, path);
            }
        } finally {
            use.unlockWrite(stamp);
        }
    }

    private long enter() {
        final long stamp = use.readLock();
        if (closed) {
            use.unlockRead(stamp);
            throw new StorageException(Failure.IO_ERROR, path + " is closed");
        }
        return stamp;
    }
}
