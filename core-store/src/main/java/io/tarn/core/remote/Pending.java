package io.tarn.core.remote;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.protocol.Failures;
import io.tarn.core.protocol.Frame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The answer of one call, for the thread that waits for it. Completed on the event loop. */
final class Pending<A> extends ClientCall.Listener<A> {
    private final CompletableFuture<A> answer = new CompletableFuture<>();

    @Override
    public void onMessage(final A message) {
        if (!answer.complete(message) && message instanceof final Frame frame) {
            frame.close();
        }
    }

    @Override
    public void onClose(final Status status, final Metadata trailers) {
        // what came before stays
        answer.completeExceptionally(failure(status, trailers));
    }

    static StorageException failure(final Status status, final Metadata trailers) {
        return Failures.said(status, trailers)
                .orElseGet(() -> new LostCall("the node is out of reach: " + status.getCode() + " "
                        + (status.getDescription() == null ? "" : status.getDescription())));
    }

    /** @throws StorageException what the node said; {@link LostCall} when it said nothing */
    A await(final ClientCall<?, A> call, final Duration timeout) {
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (final ExecutionException failed) {
            if (failed.getCause() instanceof final StorageException known) {
                throw known;
            }
            throw new IllegalStateException("a call failed unexpectedly", failed.getCause());
        } catch (final TimeoutException late) {
            abandon(call, "no answer in " + timeout);
            throw new LostCall("the node gave no answer in " + timeout);
        } catch (final InterruptedException interrupted) {
            abandon(call, "interrupted");
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while waiting for the node", interrupted);
        }
    }

    private void abandon(final ClientCall<?, A> call, final String why) {
        call.cancel(why, null);
        final boolean late = !answer.completeExceptionally(new LostCall(why));
        if (late && !answer.isCompletedExceptionally() && answer.join() instanceof final Frame frame) {
            frame.close();
        }
    }
}
