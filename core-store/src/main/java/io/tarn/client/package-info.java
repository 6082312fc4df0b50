/**
 * The protocol-neutral client API: the only thing gateways see of Tarn. All calls block (they are made for virtual threads), all
 * are safe to retry, and all fail with {@link io.tarn.core.StorageException}. Instances are thread-safe unless they say
 * otherwise.
 *
 * <p>{@link io.tarn.client.Administration} is for tenants, users, keys and volumes; {@link io.tarn.client.ObjectStore} for whole files
 * by key path; {@link io.tarn.client.Inodes} for the same tree by inodes, with {@link io.tarn.client.Locks} and
 * {@link io.tarn.client.Leases} on them.
 */
package io.tarn.client;
