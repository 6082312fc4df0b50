package io.tarn.core.service;

import java.util.concurrent.atomic.AtomicLong;

/** What is being carried out for all clients together, in calls and in bytes of requests. Thread-safe; two counters. */
final class Admission {
    private final ServiceLimits limits;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Admission(final ServiceLimits limits) {
        this.limits = limits;
    }

    /** Whether another call is let in, which then has to {@link #leave}. */
    boolean enter(final long callBytes) {
        if (calls.incrementAndGet() > limits.calls()) {
            calls.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(callBytes) > limits.callBytes()) {
            leave(callBytes);
            return false;
        }
        return true;
    }

    void leave(final long callBytes) {
        calls.decrementAndGet();
        bytes.addAndGet(-callBytes);
    }
}
