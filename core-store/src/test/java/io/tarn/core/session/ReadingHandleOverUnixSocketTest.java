package io.tarn.core.session;

/** Handles for reading, by clients in another process that read extents from their files. */
@Over(Over.Wire.UNIX)
final class ReadingHandleOverUnixSocketTest extends ReadingHandleTest {}
