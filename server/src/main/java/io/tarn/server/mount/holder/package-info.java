/**
 * The process that keeps mounts: their connections to the kernel, descriptions and tokens, while workers that serve them come and go. It lives
 * as long as there is a mount, so it is small, does little, and loads only the JDK, {@code io.tarn.posix.linux} and the control messages.
 */
package io.tarn.server.mount.holder;
