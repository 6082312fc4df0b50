package io.tarn.posix.jnr;

import io.tarn.posix.fuse.RequestsInFlight;
import io.tarn.posix.fuse.SessionEnd;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve a mount. Each waits for a request, works on it, and waits for the next; as long as one waits no other is made, and those beyond
 * {@link #IDLE_MAX} that wait go. They are threads of Java, so that calls back from libfuse find them attached.
 *
 * <p>Bound: {@link #THREADS_MAX}, each with a buffer of 132 KiB. When all are at work nothing is heard before one is done, no interrupt either.
 */
final class ServingThreads {
    static final int THREADS_MAX = 512;
    private static final int THREADS_FIRST = 4;
    private static final int IDLE_MAX = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ServingThreads.class);
    private static final Duration WAKE_AGAIN = Duration.ofMillis(2);

    private final FuseHandle fuse;
    private final String name;
    private final RequestsInFlight inFlight = new RequestsInFlight();
    private final Set<ServingThread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
    private volatile SessionEnd end = new SessionEnd.Unmounted();

    ServingThreads(final FuseHandle fuse, final String name) {
        this.fuse = fuse;
        this.name = name;
    }

    void start() {
        // all are counted before the first begins, so that it is not the last
        count.set(THREADS_FIRST);
        idle.set(THREADS_FIRST);
        for (int i = 0; i < THREADS_FIRST; i++) {
            begin();
        }
    }

    private void begin() {
        final var thread = new ServingThread(this, fuse);
        threads.add(thread);
        Thread.ofPlatform()
                .daemon()
                .name("fuse-" + name + "-" + made.incrementAndGet())
                .start(thread);
    }

    RequestsInFlight inFlight() {
        return inFlight;
    }

    boolean isEnding() {
        return ending.get();
    }

    /** A thread has read a request: another must be there to read the next. */
    void busy() {
        if (idle.decrementAndGet() > 0 || isEnding()) {
            return;
        }
        if (count.incrementAndGet() > THREADS_MAX) {
            count.decrementAndGet();
            return;
        }
        idle.incrementAndGet();
        begin();
    }

    /** A thread is done with a request; whether it is to read another. */
    boolean idleAgain() {
        if (idle.incrementAndGet() <= IDLE_MAX) {
            return true;
        }
        idle.decrementAndGet();
        return false;
    }

    /** There is no more to read: waits are ended, for nobody waits for their answers. */
    void end(final SessionEnd why) {
        if (ending.compareAndSet(false, true)) {
            end = why;
            LOG.info("the mount {} ended: {}", name, why);
        }
        inFlight.relinquish();
    }

    /** The last one lets libfuse go. */
    void gone(final ServingThread thread, final Runnable afterLast) {
        threads.remove(thread);
        if (count.decrementAndGet() == 0) {
            try {
                afterLast.run();
            } finally {
                ended.complete(end);
            }
        }
    }

    CompletableFuture<SessionEnd> ended() {
        return ended;
    }

    /** Waits until nothing is served any more; whether that came in time. */
    boolean await(final Duration patience) throws InterruptedException {
        try {
            ended.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (final TimeoutException notYet) {
            LOG.trace("still at work", notYet);
            return false;
        } catch (final ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Stops reading, wherever threads wait; whether all went in time. */
    boolean stop(final Duration patience) throws InterruptedException {
        final long deadline = System.nanoTime() + patience.toNanos();
        fuse.exit();
        end(new SessionEnd.Unmounted());
        while (!await(WAKE_AGAIN)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            threads.forEach(ServingThread::wake);
        }
        return true;
    }
}
