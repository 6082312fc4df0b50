package io.tarn.core.session;

/** The tree by inodes, by clients in another process as far as the node can tell. */
@Over(Over.Wire.TCP)
final class InodesOverTcpTest extends InodesTest {}
