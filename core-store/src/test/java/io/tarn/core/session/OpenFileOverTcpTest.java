package io.tarn.core.session;

/** Open files, by clients in another process as far as the node can tell. */
@Over(Over.Wire.TCP)
final class OpenFileOverTcpTest extends OpenFileTest {}
