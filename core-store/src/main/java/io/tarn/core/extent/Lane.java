package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One extent at a time, begun when first needed. Its lock keeps appends in the order of their offsets. */
final class Lane {
    private final ReentrantLock lock = new ReentrantLock();
    private final ExtentTarget target;
    private final Supplier<PackedExtent> allocate;
    private final Consumer<PackedExtent> onRetired;
    private final long rollBytes;
    private final LongSupplier nanoTime;
    private Optional<PackedExtent> current = Optional.empty();

    /**
     * @param allocate begins an extent; may block and fail
     * @param onRetired told of each extent that takes no more appends; must not block
     */
    Lane(
            final ExtentTarget target,
            final Supplier<PackedExtent> allocate,
            final Consumer<PackedExtent> onRetired,
            final long rollBytes,
            final LongSupplier nanoTime) {
        this.target = target;
        this.allocate = allocate;
        this.onRetired = onRetired;
        this.rollBytes = rollBytes;
        this.nanoTime = nanoTime;
    }

    /**
     * Appends a chunk, whose content must not change until the future is complete.
     *
     * @throws StorageException when no extent could be begun
     */
    Appended append(final ByteBuffer chunk) {
        final int bytes = chunk.remaining();
        lock.lock();
        try {
            final PackedExtent extent = extentFor(bytes);
            final CompletableFuture<Block> future =
                    target.appendAsync(extent.id(), extent.epoch(), extent.next(), List.of(chunk));
            if (refusedForSpace(future)) {
                // Nothing was written, so the extent is as good as before. But only of extents that nobody writes to is
                // space given back:
                // where there is no room for another one either, it goes, so that room can come.
                extent.failed();
                if (!extent.isEmpty() && !hasRoom(bytes)) {
                    retireCurrent();
                }
                return new Appended(extent, future);
            }
            extent.accepted(bytes, nanoTime.getAsLong());
            return new Appended(extent, future.whenComplete((block, failure) -> settled(extent, block, failure)));
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(final int bytes) {
        try {
            target.requireRoom(bytes);
            return true;
        } catch (final StorageException full) {
            return false;
        }
    }

    private PackedExtent extentFor(final int bytes) {
        if (current.isPresent() && current.get().begin(bytes, rollBytes)) {
            return current.get();
        }
        retireCurrent();
        final PackedExtent fresh = allocate.get();
        current = Optional.of(fresh);
        if (!fresh.begin(bytes, rollBytes)) {
            throw new IllegalStateException("a new extent has no room for " + bytes + " bytes");
        }
        return fresh;
    }

    private void settled(final PackedExtent extent, final Block block, final Throwable failure) {
        if (failure == null) {
            extent.acknowledged(block);
        } else {
            extent.failed();
            extent.retire();
            onRetired.accept(extent);
        }
    }

    /** Retires the extent if it was not appended to since {@code nanos}. */
    void retireIdle(final long nanos) {
        lock.lock();
        try {
            if (current.isPresent() && current.get().idleSince(nanos)) {
                retireCurrent();
            }
        } finally {
            lock.unlock();
        }
    }

    void retire() {
        lock.lock();
        try {
            retireCurrent();
        } finally {
            lock.unlock();
        }
    }

    private void retireCurrent() {
        current.ifPresent(extent -> {
            extent.retire();
            onRetired.accept(extent);
        });
        current = Optional.empty();
    }

    /** Appends waiting for this lane; a hint for choosing one. */
    int queueLength() {
        return lock.getQueueLength() + (lock.isLocked() ? 1 : 0);
    }

    private static boolean refusedForSpace(final CompletableFuture<Block> future) {
        return future.isCompletedExceptionally()
                && failure(future.exceptionNow()).failure() == Failure.OUT_OF_SPACE;
    }

    /** What an append failed with, in the core's own terms. */
    static StorageException failure(final Throwable thrown) {
        final Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof StorageException storage
                ? storage
                : new StorageException(Failure.IO_ERROR, "append failed: " + cause, cause);
    }

    /** @param future completes when durable */
    record Appended(PackedExtent extent, CompletableFuture<Block> future) {}
}
