/**
 * The protocol-neutral client API: the only thing gateways see of Tarn. All calls block (they are made for virtual threads), all
 * are safe to retry, and all fail with {@link io.tarn.core.StorageException}. Instances are thread-safe unless they say
 * otherwise.
 *
 * <p>Two parts: {@link io.tarn.client.Administration} for tenants, users, keys and volumes; {@link io.tarn.client.ObjectStore}
 * for whole files by key path. They are views of one tree.
 */
package io.tarn.client;
