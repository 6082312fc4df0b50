package io.tarn.core.session;

/** Locks and leases, by clients in another process as far as the node can tell. */
@Over(Over.Wire.UNIX)
final class LocksOverUnixSocketTest extends LocksTest {}
