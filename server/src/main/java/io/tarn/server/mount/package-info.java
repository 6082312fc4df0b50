/**
 * Mounts of this machine and the processes that serve them: {@code control} is what they say to each other, {@code holder} the small process that
 * keeps mounts, {@code worker} the one that serves them. The command line is the third, see {@code io.tarn.server.cli}.
 */
package io.tarn.server.mount;
