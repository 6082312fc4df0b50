package io.tarn.posix.jnr;

import io.tarn.posix.fuse.SessionEnd;
import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.WakeableThread;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads requests and hands them to libfuse, one after another. */
final class ServingThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ServingThread.class);

    private final ServingThreads all;
    private final FuseHandle fuse;
    private volatile Optional<WakeableThread> waiting = Optional.empty();

    ServingThread(final ServingThreads all, final FuseHandle fuse) {
        this.all = all;
        this.fuse = fuse;
    }

    @Override
    public void run() {
        try (var arena = Arena.ofConfined()) {
            final WakeableThread self = WakeableThread.current();
            waiting = Optional.of(self);
            final Request request = fuse.request();
            request.enter();
            all.inFlight().add(request.inFlight());
            try {
                serve(new RequestMemory(arena, fuse.requestBytes()), request);
            } finally {
                all.inFlight().remove(request.inFlight());
                self.leave();
            }
        } catch (final RuntimeException | Error defect) {
            LOG.error("a thread that serves a mount died", defect);
        } finally {
            // libfuse may still call back, to remove what it has hidden
            all.gone(this, fuse::tearDown);
            Request.leave();
        }
    }

    private void serve(final RequestMemory memory, final Request request) {
        boolean goesOn = true;
        while (goesOn && !all.isEnding()) {
            final int received = fuse.receive(memory);
            if (received > 0) {
                all.busy();
                workOn(memory, request);
                goesOn = all.idleAgain();
            } else if (received != -LinuxException.EINTR && received != -LinuxException.EAGAIN) {
                all.end(
                        received == 0
                                ? new SessionEnd.Unmounted()
                                : new SessionEnd.Failed(new LinuxException("reading from the kernel", -received)));
            }
        }
    }

    private void workOn(final RequestMemory memory, final Request request) {
        final MemorySegment bytes = memory.bytes();
        final RequestHead head = RequestHead.of(bytes);
        if (head.opcode() == RequestHead.INTERRUPT) {
            // libfuse first: what it does not know yet it tells when that begins (LockCalls), and what begins in
            // between is found here
            final long interrupted = RequestHead.interrupted(bytes);
            fuse.process(memory);
            all.inFlight().interrupt(interrupted);
            return;
        }
        request.begin(head);
        try {
            if (all.isEnding()) {
                request.inFlight().relinquish();
            }
            fuse.process(memory);
        } finally {
            request.inFlight().end(false, () -> 0);
        }
    }

    /** Out of waiting for a request. */
    void wake() {
        waiting.ifPresent(WakeableThread::wake);
    }
}
