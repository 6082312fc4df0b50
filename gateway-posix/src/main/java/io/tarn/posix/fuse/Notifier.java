package io.tarn.posix.fuse;

import io.tarn.client.Key;
import io.tarn.posix.fs.Invalidation;
import io.tarn.posix.linux.CallState;
import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel what to forget, from a thread of its own.
 *
 * <p>The trap: writing INVAL_ENTRY or DELETE takes the lock of the directory's inode, and INVAL_INODE the locks of pages, within the kernel. A
 * program that waits for our answer may hold just these: a directory's while a name in it is made, a page's while it is read. So whoever works
 * on a request must never wait for a notice to be written, or both wait for ever. Hence the queue; a request may put into it, and where it is
 * full waits for room only, which is made as soon as any of the programs concerned has its answer. The thread is a platform thread,
 * for the kernel may hold it long.
 *
 * <p>Thread-safe.
 */
final class Notifier implements Invalidation, Runnable {
    /** Notices that wait to be written. */
    static final int QUEUE_LIMIT = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Descriptor device;
    private final BlockingQueue<Notice> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final CallState state = new CallState();
    private final MemorySegment memory = Arena.ofAuto().allocate(Notice.MOST_BYTES, Long.BYTES);
    private volatile boolean stopped;

    Notifier(final Descriptor device) {
        this.device = device;
    }

    @Override
    public void inode(final long inode, final long offset, final long length) {
        put(new Notice.Inode(inode, offset, length));
    }

    /** Takes no lock in the kernel that a program may hold which waits for an answer; costs a system call. */
    @Override
    public void attributesAtOnce(final long inode) {
        try (Arena arena = Arena.ofConfined()) {
            tell(new Notice.Inode(inode, -1, 0), new CallState(), arena.allocate(Notice.MOST_BYTES, Long.BYTES));
        }
    }

    @Override
    public void entry(final long parent, final Key name) {
        if (name.length() <= Notice.NAME_BYTES) {
            put(new Notice.Entry(parent, name));
        }
    }

    @Override
    public void deleted(final long parent, final Key name, final long inode) {
        if (name.length() <= Notice.NAME_BYTES) {
            put(new Notice.Deleted(parent, name, inode));
        }
    }

    @Override
    public void then(final Runnable told) {
        put(new Notice.Mark(told));
    }

    void resend() {
        put(new Notice.Resend());
    }

    /** A notice that is lost leaves a stale cache, so an interrupt does not end the wait for room; the end of the session does. */
    private void put(final Notice notice) {
        boolean interrupted = false;
        boolean done = false;
        while (!done && !stopped) {
            try {
                done = queue.offer(notice, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (final InterruptedException interrupt) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until all that was put before is written; whether it was in time. */
    boolean drain(final Duration patience) throws InterruptedException {
        final var reached = new CountDownLatch(1);
        put(new Notice.Mark(reached::countDown));
        return reached.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                final Notice notice = queue.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                if (notice instanceof final Notice.Mark op) {
                    op.reached().run();
                } else if (notice != null) {
                    tell(notice, state, memory);
                }
            } catch (final InterruptedException interrupt) {
                // ends by stop() alone: a notice lost is a stale cache
                LOG.debug("interrupted", interrupt);
            }
        }
    }

    private void tell(final Notice notice, final CallState call, final MemorySegment room) {
        final long result = device.write(call, room.address(), Notice.lay(notice, room));
        // ENOENT: the kernel does not have it, so need not forget it; ENOTDIR, ENOTEMPTY, EBUSY: forgotten, though not
        // as deleted
        if (result == -LinuxException.ENODEV || result == -LinuxException.ENOTCONN) {
            stopped = true;
        } else if (result < 0 && result != -LinuxException.ENOENT) {
            LOG.debug("{}: {}", notice, LinuxException.describe((int) -result));
        }
    }
}
