package io.tarn.posix.fuse;

import java.util.function.LongSupplier;

/**
 * A request that is being worked on, and the thread that does: where INTERRUPT and a hand-over reach it. Used for one request after
 * another. An interrupt is put only to the thread that works on that very request, and never leaks into what the thread does next.
 *
 * <p>Thread-safe.
 */
public final class InFlight {
    private long unique;
    private boolean active;
    private Thread worker;
    private boolean interrupted;
    private boolean relinquished;
    private boolean abandoned;

    /** A request was read. */
    public synchronized void begin(final long of) {
        unique = of;
        active = true;
        worker = null;
        interrupted = false;
        relinquished = false;
        abandoned = false;
    }

    /** The calling thread works on it from now on. */
    public synchronized void attach() {
        worker = Thread.currentThread();
        if (interrupted) {
            worker.interrupt();
        }
    }

    /** Interrupts the work on a request, if that is what is worked on here. */
    synchronized boolean interrupt(final long of) {
        if (!active || unique != of) {
            return false;
        }
        interruptWorker();
        return true;
    }

    /** Interrupts a wait, so that a successor may begin it anew: {@code EINTR} will not be answered. */
    public synchronized void relinquish() {
        if (active) {
            relinquished = true;
            interruptWorker();
        }
    }

    /** Whatever comes of it now, it is not answered by this process. Returns whether there was anything. */
    synchronized boolean abandon() {
        abandoned = active;
        return active;
    }

    private void interruptWorker() {
        interrupted = true;
        if (worker != null) {
            worker.interrupt();
        }
    }

    /**
     * The work is done: sends the answer, unless it is another's to give.
     *
     * @param wasInterrupted whether nothing was done because the wait was interrupted
     * @param send gives 0 or a negative error number
     * @return what {@code send} gave; 0 when nothing was sent
     */
    public synchronized long end(final boolean wasInterrupted, final LongSupplier send) {
        final long result = abandoned || (relinquished && wasInterrupted) ? 0 : send.getAsLong();
        active = false;
        worker = null;
        if (interrupted) {
            Thread.interrupted();
        }
        return result;
    }
}
