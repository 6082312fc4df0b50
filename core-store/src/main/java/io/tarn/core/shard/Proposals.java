package io.tarn.core.shard;

import java.util.concurrent.CompletableFuture;

/** Where the commands of a shard are proposed, in this process or in another. Thread-safe. */
public interface Proposals {
    /** The Raft group's number: 0 is the control group. */
    int number();

    /**
     * Proposes one command; the future completes with the state machine's reply once the entry that carries it is durable on
     * a majority and applied, or with a failure: it always completes. May block while a bounded queue is full. The array must not be
     * changed afterwards; dependents of the future must not block. After a failure with
     * {@link io.tarn.core.Failure#TIMEOUT} the command may still be applied later; with
     * {@link io.tarn.core.Failure#UNAVAILABLE} it was not and never will be.
     */
    CompletableFuture<byte[]> propose(byte[] command);
}
