package io.tarn.posix.fuse;

import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.PosixException;
import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.LinuxException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves requests of one mount.
 *
 * <p>Threads: a fixed number of platform threads wait in read(2) on the device, of which the kernel wakes one for each request (waiting in
 * poll(2) it would wake all). A reader works on what it read itself, which saves a hand-over to another thread, unless it would be the last
 * that is left to read: then a virtual thread gets the request with its buffer, and the reader takes another buffer. So requests that
 * wait, for a server or a disk, never keep the kernel from being heard, neither its INTERRUPT nor the request that ends the wait. Waits
 * for locks always go to virtual threads, and hold no buffer.
 *
 * <p>Bounds: buffers ({@link RequestBuffers}) for what is worked on, {@link #LOCK_WAITS} for waits. With all buffers in use the last reader
 * waits for one; INTERRUPT is heard again when there is one.
 *
 * <p>Cost of a request worked on by its reader: two system calls, no copy of bytes within the process, no hop between threads, a few small
 * objects.
 */
final class Engine {
    /** Locks that are waited for at once; one more is refused with {@code ENOLCK}. */
    static final int LOCK_WAITS = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration WAKE_AGAIN = Duration.ofMillis(2);
    private static final Duration FAILURE_PATIENCE = Duration.ofSeconds(10);

    private final Descriptor device;
    private final FileSystem fileSystem;
    private final SessionOptions options;
    private final RequestBuffers buffers;
    private final OperationReader operationReader;
    private final Operations operations;
    private final Gathering gathering;
    private final RequestsInFlight inFlight = new RequestsInFlight();
    private final Semaphore lockWaits = new Semaphore(LOCK_WAITS);
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger readersLeft = new AtomicInteger();
    private final List<Reader> readers = new ArrayList<>();
    private final CompletableFuture<SessionEnd> readingEnded = new CompletableFuture<>();
    private volatile SessionEnd end = new SessionEnd.Paused();
    private volatile Consumer<SessionEnd> atEnd = ended -> {};
    private volatile boolean stopping;

    Engine(
            final Descriptor device,
            final FileSystem fileSystem,
            final SessionOptions options,
            final RequestBuffers buffers,
            final SessionParameters parameters,
            final Gathering gathering) {
        this.device = device;
        this.fileSystem = fileSystem;
        this.options = options;
        this.buffers = buffers;
        this.gathering = gathering;
        operationReader = new OperationReader(parameters.flags());
        operations = new Operations(fileSystem, options.negativeMillis());
    }

    /** Begins; {@code afterReading} is told how it ended when nothing is read any more. */
    void start(final Consumer<SessionEnd> afterReading) {
        atEnd = afterReading;
        readersLeft.set(options.readers());
        for (int i = 0; i < options.readers(); i++) {
            readers.add(new Reader(this));
            gathering.enter();
        }
        for (int i = 0; i < readers.size(); i++) {
            Thread.ofPlatform()
                    .daemon()
                    .name("fuse-" + options.name() + "-" + i)
                    .start(readers.get(i));
        }
    }

    Descriptor device() {
        return device;
    }

    boolean isStopping() {
        return stopping;
    }

    /** The buffer a reader begins with. */
    RequestBuffer readerComes() {
        final RequestBuffer buffer = buffers.takeForReader();
        inFlight.add(buffer.inFlight());
        return buffer;
    }

    /** Serves what was read into {@code buffer}; the buffer to read the next into. */
    RequestBuffer serve(final RequestBuffer buffer, final long received) throws MalformedRequestException {
        final RequestHeader header = buffer.header(received);
        final Operation operation = operationReader.read(header, buffer.arguments(header));
        switch (operation) {
            case final Operation.Forget forget -> forget(forget);
            case final Operation.Interrupt interrupt -> interrupt(header, interrupt.unique(), buffer);
            case final Operation.Initialize again -> throw new MalformedRequestException("a second INIT: " + again);
            case final Operation.Lock lock -> {
                if (!lock.waits()) {
                    return work(header, operation, buffer);
                }
                waitForLock(header, lock, buffer);
            }
            default -> {
                return work(header, operation, buffer);
            }
        }
        return buffer;
    }

    private void forget(final Operation.Forget forget) {
        for (int i = 0; i < forget.inodes().length; i++) {
            fileSystem.forget(forget.inodes()[i], forget.lookups()[i]);
        }
    }

    private RequestBuffer work(final RequestHeader header, final Operation operation, final RequestBuffer buffer) {
        buffer.inFlight().begin(header.unique());
        if (busy.incrementAndGet() <= options.inline()) {
            try {
                carryOut(header, operation, buffer);
            } finally {
                busy.decrementAndGet();
            }
            return buffer;
        }
        busy.decrementAndGet();
        gathering.enter();
        Thread.startVirtualThread(() -> {
            try {
                carryOut(header, operation, buffer);
            } finally {
                inFlight.remove(buffer.inFlight());
                buffers.giveFromRequest(buffer);
                gathering.leave();
            }
        });
        final RequestBuffer another = buffers.takeForRequest();
        inFlight.add(another.inFlight());
        return another;
    }

    private void carryOut(final RequestHeader header, final Operation operation, final RequestBuffer buffer) {
        buffer.inFlight().attach();
        int error = 0;
        int bytes = 0;
        try {
            bytes = operations.carryOut(header, operation, buffer);
        } catch (final PosixException failed) {
            error = failed.errno().number();
        } catch (final RuntimeException | Error defect) {
            // whoever asked must have an answer, and others are not to suffer
            LOG.error("{} of {} failed", operation, header, defect);
            error = Errno.EIO.number();
        }
        final int answered = error;
        final int answeredBytes = bytes;
        final long result = buffer.inFlight().end(answered == Errno.EINTR.number(), () -> {
            final long sent = buffer.answer(device, header.unique(), answered, answeredBytes);
            fileSystem.answered(header.request());
            return sent;
        });
        // ENOENT: nobody waits for it any more; ENODEV: unmounted, which readers see too
        if (result == -LinuxException.EINVAL) {
            LOG.error("the kernel refused the answer to {} of {}: {} bytes", operation, header, answeredBytes);
        }
    }

    /** What is not known here was read by another reader that has not noted it yet, or is done; the kernel knows which, and asks again. */
    private void interrupt(final RequestHeader header, final long unique, final RequestBuffer buffer) {
        if (!inFlight.interrupt(unique)) {
            buffer.answer(device, header.unique(), Errno.EAGAIN.number(), 0);
        }
    }

    private void waitForLock(final RequestHeader header, final Operation.Lock lock, final RequestBuffer buffer) {
        if (!lockWaits.tryAcquire()) {
            buffer.answer(device, header.unique(), Errno.ENOLCK.number(), 0);
            return;
        }
        final var wait = new LockWait(this, fileSystem, header, lock);
        inFlight.add(wait.inFlight());
        gathering.enter();
        Thread.startVirtualThread(wait);
    }

    void lockWaitGone(final LockWait wait) {
        inFlight.remove(wait.inFlight());
        lockWaits.release();
        gathering.leave();
    }

    /** EINTR: woken. ENOENT: the request was withdrawn while it was read. ENODEV: unmounted. */
    void failedToRead(final int errno) throws IOException {
        switch (errno) {
            case LinuxException.EINTR, LinuxException.ENOENT, LinuxException.EAGAIN -> {}
            case LinuxException.ENODEV -> {
                if (!failed.get()) {
                    end = new SessionEnd.Unmounted();
                }
                stopping = true;
            }
            case LinuxException.ECONNABORTED ->
                throw new LinuxException("the connection of the mount was aborted", errno);
            default -> throw new LinuxException("reading from the kernel", errno);
        }
    }

    /** The connection is of no use; the first cause counts, for the other readers meet what follows from it. */
    void fail(final IOException cause) {
        if (!failed.compareAndSet(false, true)) {
            return;
        }
        LOG.error("the mount {} cannot be served any more", options.name(), cause);
        end = new SessionEnd.Failed(cause);
        stopping = true;
        // the other readers would wait for ever, and this one is about to end
        Thread.startVirtualThread(this::stopOthers);
    }

    private void stopOthers() {
        try {
            if (!stopReading(FAILURE_PATIENCE)) {
                inFlight.relinquish();
            }
        } catch (final InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void readerGone(final RequestBuffer buffer) {
        inFlight.remove(buffer.inFlight());
        buffers.giveFromReader(buffer);
        if (readersLeft.decrementAndGet() == 0) {
            atEnd.accept(end);
            readingEnded.complete(end);
        }
        gathering.leave();
    }

    /** Completed when nothing is read any more. */
    CompletableFuture<SessionEnd> readingEnded() {
        return readingEnded;
    }

    /** Makes readers stop after what they work on; whether all did in time. */
    boolean stopReading(final Duration patience) throws InterruptedException {
        stopping = true;
        final long deadline = System.nanoTime() + patience.toNanos();
        while (readersLeft.get() > 0) {
            readers.forEach(Reader::wake);
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            awaitReaders(WAKE_AGAIN);
        }
        return true;
    }

    private void awaitReaders(final Duration patience) throws InterruptedException {
        try {
            readingEnded.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (final TimeoutException notYet) {
            LOG.trace("readers are still at work", notYet);
        } catch (final ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What is worked on or waited for. */
    RequestsInFlight inFlight() {
        return inFlight;
    }
}
