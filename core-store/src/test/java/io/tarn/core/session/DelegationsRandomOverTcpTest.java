package io.tarn.core.session;

/** The same by clients in another process as far as the node can tell. */
@Over(Over.Wire.TCP)
final class DelegationsRandomOverTcpTest extends DelegationsRandomTest {}
