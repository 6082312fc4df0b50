package io.tarn.posix.fuse;

import io.tarn.posix.jnr.JnrMount;
import io.tarn.posix.jnr.JnrOptions;
import java.nio.file.Path;

/** Mounts a {@link MemoryFileSystem} over the directory given, says so, and serves it until it is unmounted; with {@code -Djnr=true} through libfuse. */
public final class MemoryMount {
    private MemoryMount() {}

    public static void main(final String[] arguments) throws Exception {
        final MountWish wish =
                MountWish.of(Path.of(arguments[0]), "memory").forOthersToo().withPrivileges();
        final var fileSystem = new MemoryFileSystem(Integer.getInteger("timeout", 0));
        fileSystem.direct = Boolean.getBoolean("direct");
        if (Boolean.getBoolean("jnr")) {
            try (var mount = JnrMount.mount(wish, fileSystem, JnrOptions.DEFAULT)) {
                System.out.println("mounted");
                System.out.println(mount.await());
            }
        } else {
            serve(wish, fileSystem);
        }
    }

    private static void serve(final MountWish wish, final MemoryFileSystem fileSystem) throws Exception {
        final var buffers = new RequestBuffers(RequestBuffers.DEFAULT_LIMIT);
        final var options = SessionOptions.named("memory");
        final int inline = Integer.getInteger("inline", options.inline());
        try (var session = FuseSession.begin(
                Mounting.mount(wish),
                fileSystem,
                options.withReaders(Integer.getInteger("readers", options.readers()), inline),
                buffers)) {
            System.out.println("mounted");
            System.out.println(session.await());
        }
    }
}
