package io.tarn.core.extent;

import io.tarn.core.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Appends of one extent that are written and not yet durable. Not thread-safe: its extent's lock guards it. */
final class AppendQueue {
    private final ArrayDeque<Append> waiting = new ArrayDeque<>();

    CompletableFuture<Block> add(final Block block) {
        final Append append = new Append(block, RecordFormat.end(block), new CompletableFuture<>());
        waiting.add(append);
        return append.future;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes out what ends at or before {@code length}. */
    List<Append> takeUpTo(final long length) {
        return take(append -> append.end <= length);
    }

    List<Append> takeAll() {
        return take(append -> true);
    }

    private List<Append> take(final Predicate<Append> which) {
        final List<Append> taken = new ArrayList<>();
        while (!waiting.isEmpty() && which.test(waiting.getFirst())) {
            taken.add(waiting.removeFirst());
        }
        return taken;
    }

    /** @param end byte after the record */
    record Append(Block block, long end, CompletableFuture<Block> future) {
        void succeed() {
            future.complete(block);
        }

        void fail(final StorageException failure) {
            future.completeExceptionally(failure);
        }
    }
}
