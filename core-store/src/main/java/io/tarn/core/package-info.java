/**
 * The core: names by consensus, bytes write-once.
 *
 * <p>Sub-packages, from the bottom up: {@code file} (the only door to the disk), {@code kv} (ordered key-value stores),
 * {@code extent} (append-only byte containers), {@code shard} (Raft groups), {@code namespace} (the state machine of names),
 * {@code control} (the state machine of tenants, keys and volumes). Gateways see none of these; they use {@code io.tarn.client}.
 */
package io.tarn.core;
