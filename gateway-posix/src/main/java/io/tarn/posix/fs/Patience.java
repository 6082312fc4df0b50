package io.tarn.posix.fs;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.posix.fs.Failures.Doing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Calls the storage, and while its server is gone waits and tries again: up to a limit, or until the calling thread is interrupted. What
 * fails in the end is a {@link PosixException}.
 *
 * <p>A change must not be torn by an interrupt: a program that handles a signal expects its write to be carried out or not to have
 * begun. So changes run on a virtual thread of their own that nobody interrupts, while the caller waits for it; an
 * interrupt counts between attempts only. Cost: one virtual thread and two hand-overs a change, nothing for a query. Thread-safe.
 */
final class Patience {
    private static final long PAUSE_MIN_NANOS = 5_000_000;
    private static final long PAUSE_MAX_NANOS = 500_000_000;
    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("posix-change-", 0).factory();

    private final Duration limit;

    Patience(final Duration limit) {
        this.limit = limit;
    }

    /** Reads; may be repeated and interrupted at any point. */
    <T> T query(final Doing doing, final Supplier<T> query) {
        return attempts(doing, query, true);
    }

    /** Changes something, where doing it twice is as good as once. */
    <T> T repeatable(final Doing doing, final Supplier<T> change) {
        return attempts(doing, () -> shielded(change), true);
    }

    void repeatable(final Doing doing, final Runnable change) {
        repeatable(doing, () -> {
            change.run();
            return true;
        });
    }

    /** Changes something that must be done once: it is not tried again where it may have happened. */
    <T> T once(final Doing doing, final Supplier<T> change) {
        return attempts(doing, () -> shielded(change), false);
    }

    void once(final Doing doing, final Runnable change) {
        once(doing, () -> {
            change.run();
            return true;
        });
    }

    private <T> T attempts(final Doing doing, final Supplier<T> call, final boolean repeatable) {
        final long deadline = System.nanoTime() + limit.toNanos();
        long pause = PAUSE_MIN_NANOS;
        while (true) {
            try {
                return call.get();
            } catch (final StorageException failed) {
                final boolean again =
                        failed.failure() == Failure.UNAVAILABLE || (repeatable && failed.failure() == Failure.TIMEOUT);
                if (!again || System.nanoTime() - deadline > 0) {
                    throw Failures.of(failed, doing);
                }
            }
            LockSupport.parkNanos(pause);
            if (Thread.interrupted()) {
                throw Errno.EINTR.exception();
            }
            pause = Math.min(PAUSE_MAX_NANOS, 2 * pause);
        }
    }

    /** Runs on a thread that is not interrupted; an interrupt of the caller is kept for later. */
    private static <T> T shielded(final Supplier<T> change) {
        final CompletableFuture<T> outcome = new CompletableFuture<>();
        THREADS.newThread(() -> {
                    try {
                        outcome.complete(change.get());
                    } catch (final RuntimeException | Error failed) {
                        outcome.completeExceptionally(failed);
                    }
                })
                .start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return outcome.get();
                } catch (final InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (final ExecutionException failed) {
            throw rethrown(failed.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(final Throwable cause) {
        return switch (cause) {
            case final RuntimeException unchecked -> unchecked;
            case final Error error -> throw error;
            default -> new IllegalStateException("a supplier cannot throw this", cause);
        };
    }
}
