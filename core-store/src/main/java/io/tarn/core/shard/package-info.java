/**
 * A shard is one Raft group (Apache Ratis) over one key-value store. This package knows nothing of names or bytes: it
 * replicates batches of opaque commands, applies them through a {@link io.tarn.core.shard.ReplicatedState}, and gives
 * linearizable reads under a leader lease.
 */
package io.tarn.core.shard;
