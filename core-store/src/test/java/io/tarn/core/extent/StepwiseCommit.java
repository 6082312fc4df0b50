package io.tarn.core.extent;

import java.util.ArrayDeque;

/** Forces when told to, on the caller's thread, so that a run is the same each time. */
final class StepwiseCommit implements GroupCommit {
    private final ArrayDeque<ExtentTail> waiting = new ArrayDeque<>();

    @Override
    public void submit(final ExtentTail extent) {
        waiting.add(extent);
    }

    void run() {
        while (!waiting.isEmpty()) {
            waiting.remove().commitPending();
        }
    }

    @Override
    public void close() {
        run();
    }
}
