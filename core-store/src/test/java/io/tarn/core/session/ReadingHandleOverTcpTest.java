package io.tarn.core.session;

/** Handles for reading, by clients in another process as far as the node can tell. */
@Over(Over.Wire.TCP)
final class ReadingHandleOverTcpTest extends ReadingHandleTest {}
