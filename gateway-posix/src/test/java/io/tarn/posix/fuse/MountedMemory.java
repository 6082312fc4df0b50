package io.tarn.posix.fuse;

import java.io.IOException;

/** A {@link MemoryFileSystem} that is really mounted. */
final class MountedMemory extends RealMount {
    final MemoryFileSystem fileSystem;

    private MountedMemory(final MemoryFileSystem fileSystem, final SessionOptions options) throws IOException {
        super(fileSystem, options);
        this.fileSystem = fileSystem;
    }

    static MountedMemory mount(final MemoryFileSystem fileSystem, final SessionOptions options) throws IOException {
        return new MountedMemory(fileSystem, options);
    }
}
