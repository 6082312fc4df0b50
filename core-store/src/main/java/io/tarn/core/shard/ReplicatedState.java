package io.tarn.core.shard;

import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import java.util.List;

/**
 * A pure, deterministic state machine: the same entries on the same store give the same writes and the same replies, on every
 * replica and at every replay. Implementations use no clock, no randomness and no input but the arguments.
 */
public interface ReplicatedState {
    /** The families this state lives in. */
    List<Family> families();

    /**
     * Applies the commands of one log entry in order. Must not throw for a command that cannot be carried out: the failure
     * is part of the reply. An exception stops the shard.
     *
     * @param entry what the log holds
     * @param store the state before this entry
     * @param changes receives the state after it
     * @return one reply per command
     */
    List<byte[]> apply(LogEntry entry, KeyValueReader store, WriteSet changes);

    /** What the last entry changed can be read now. On the applying thread: must not block, nor change any state. */
    default void applied() {}
}
