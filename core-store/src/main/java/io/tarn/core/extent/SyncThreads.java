package io.tarn.core.extent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * A few platform threads that force extents, one extent by one thread at a time: while a force runs, all further appends to
 * that extent gather and share the next one. Virtual threads would be pinned for as long as the disk takes.
 */
final class SyncThreads implements GroupCommit {
    private final ArrayBlockingQueue<ExtentTail> waiting;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** @param maxWaiting each extent waits at most once and only with an append in flight, so their bound is enough */
    SyncThreads(final int count, final int maxWaiting) {
        this.waiting = new ArrayBlockingQueue<>(maxWaiting);
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().daemon().name("extent-sync-" + i).start(this::run));
        }
    }

    @Override
    public void submit(final ExtentTail extent) {
        waiting.add(extent);
    }

    private void run() {
        while (!stopping) {
            try {
                waiting.take().commitPending();
            } catch (InterruptedException e) {
                if (stopping) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(Thread::interrupt);
    }
}
