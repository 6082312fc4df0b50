package io.tarn.server.node;

import io.tarn.client.Administration;
import io.tarn.client.TarnClient;
import io.tarn.core.control.VolumeRoots;
import io.tarn.core.shard.ReplicatedState;
import io.tarn.core.shard.Shard;
import java.util.List;

/**
 * The part of an embedded node that holds names and bytes, as its assembly sees it. Made before the Raft groups start, given
 * its shard when they have.
 */
public interface Namespace extends AutoCloseable {
    /** The state machine of the one shard. */
    ReplicatedState state();

    /**
     * Begins to serve, and recovers what the last run left open.
     *
     * @param shard the started group of {@link #state}
     */
    void start(Shard shard);

    /** The shard's half of volumes. Used after {@link #start}. */
    VolumeRoots roots();

    /** The client that front ends use. Used after {@link #start}. */
    TarnClient client(Administration administration);

    /**
     * Verifies online every reference, count and checksum.
     *
     * @return what is wrong, in words; empty when all is well
     */
    List<String> check();

    /** Ends background work and closes the extents. Called before the Raft groups are closed. */
    @Override
    void close();
}
