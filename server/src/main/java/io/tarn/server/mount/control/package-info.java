/**
 * What the command, the holder and the worker of mounts say to each other over a socket of this machine, and where that is. Uses the JDK and
 * {@code io.tarn.posix.linux} only, as the holder must stay small.
 */
package io.tarn.server.mount.control;
