package io.tarn.core.session;

/** Delegations, by clients in another process as far as the node can tell. */
@Over(Over.Wire.TCP)
final class DelegationsOverTcpTest extends DelegationsTest {}
