/**
 * The control group: tenants, users, access keys, volumes and sessions, decided by consensus.
 *
 * <p>{@link io.tarn.core.control.ControlState} is the pure state machine, {@link io.tarn.core.control.ControlView} its in-memory
 * picture for the calls every request makes, {@link io.tarn.core.control.ControlClient} the {@link io.tarn.client.Administration}
 * over both. Volumes live half here (name, owner, policy) and half in a shard (root directory, usage); the steps between the two
 * are idempotent and are taken up again after a crash. Called by the assembly in the server and, through the client API, by gateways.
 */
package io.tarn.core.control;
