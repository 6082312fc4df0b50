package io.tarn.core.shard;

import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import java.util.Optional;
import java.util.function.Function;

/** A shard as its clients see it. Thread-safe. */
public interface Shard extends Proposals {
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
