package io.tarn.core.shard;

import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A shard as its clients see it. Thread-safe. */
public interface Shard {
    /** The Raft group's number: 0 is the control group. */
    int number();

    /**
     * Proposes one command; the future completes with the state machine's reply once the entry that carries it is durable on
     * a majority and applied here, or with a failure once the shard's proposal timeout is over: it always completes. Blocks while the bounded queue is full. The array must not be changed afterwards; dependents
     * of the future must not block. After a failure with
     * {@link io.tarn.core.Failure#TIMEOUT} the command may still be applied later; with
     * {@link io.tarn.core.Failure#UNAVAILABLE} it was not and never will be.
     */
    CompletableFuture<byte[]> propose(byte[] command);

    /**
     * Reads under the leader lease, on the calling thread: sees every command acknowledged before the call, by whichever
     * leader. The query sees the store frozen at one moment and must not keep the reader.
     *
     * @throws io.tarn.core.StorageException {@link io.tarn.core.Failure#UNAVAILABLE} when this node is not the leader or its
     *     lease has run out
     */
    <T> T read(Function<KeyValueReader, T> query);

    /** Index of the last log entry applied here. */
    long appliedIndex();

    /** Whether this node leads the group and takes proposals now. */
    boolean isLeader();

    /** Why the shard stopped on this node, if it did; see {@link io.tarn.core.Failure#OUT_OF_SPACE} and others. */
    Optional<StorageException> stoppedBy();

    ShardStats stats();
}
