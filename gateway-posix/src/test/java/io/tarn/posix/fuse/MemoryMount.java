package io.tarn.posix.fuse;

import java.nio.file.Path;

/** Mounts a {@link MemoryFileSystem} over the directory given, says so, and serves it until it is unmounted. */
public final class MemoryMount {
    private MemoryMount() {}

    public static void main(final String[] arguments) throws Exception {
        final Path directory = Path.of(arguments[0]);
        final var buffers = new RequestBuffers(RequestBuffers.DEFAULT_LIMIT);
        final var options = SessionOptions.named("memory");
        final int inline = Integer.getInteger("inline", options.inline());
        final var fileSystem = new MemoryFileSystem(Integer.getInteger("timeout", 0));
        fileSystem.direct = Boolean.getBoolean("direct");
        try (var session = FuseSession.begin(
                Mounting.mount(MountWish.of(directory, "memory").forOthersToo().withPrivileges()),
                fileSystem,
                options.withReaders(Integer.getInteger("readers", options.readers()), inline),
                buffers)) {
            System.out.println("mounted");
            System.out.println(session.await());
        }
    }
}
