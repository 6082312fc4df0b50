/**
 * Ordered key-value stores in named families: RocksDB for real, a sorted map for simulation. Used by the shards, whose state
 * machines read through {@link io.tarn.core.kv.KeyValueReader} and answer with a {@link io.tarn.core.kv.WriteSet}.
 */
package io.tarn.core.kv;
