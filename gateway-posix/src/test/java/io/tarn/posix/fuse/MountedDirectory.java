package io.tarn.posix.fuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A file system that is really mounted, by whichever transport, and unmounted whatever happens. */
public abstract class MountedDirectory implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    public final Path directory;

    protected MountedDirectory() throws IOException {
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "tarn-mounted-");
    }

    /** Waits until it is not served any more. */
    public abstract SessionEnd await() throws InterruptedException;

    /** Whether renameat2(2) knows flags. */
    public abstract boolean canExchange();

    /** Whether lseek(2) finds holes. */
    public abstract boolean canFindHoles();

    /** Tries to mount over what is mounted. */
    public abstract void mountAgain() throws Exception;

    /** Runs a command of the shell in the mounted directory; what it wrote, which with a failure is part of the error. */
    public final String shell(final String command) throws IOException, InterruptedException {
        return new Shell(directory, Map.of()).run(PATIENCE_SECONDS, "set +o pipefail; " + command);
    }

    public final Process start(final String command) throws IOException {
        return start(List.of(), command);
    }

    private Process start(final List<String> before, final String command) throws IOException {
        final var words = new ArrayList<>(before);
        words.addAll(List.of("bash", "-c", "set -e; " + command));
        return new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Stops serving it. */
    protected abstract void stop();

    @Override
    public final void close() throws IOException {
        try {
            if (MountPoints.deviceAt(directory).isPresent()) {
                Mounting.unmount(directory, true);
            }
        } finally {
            stop();
            Files.delete(directory);
        }
    }
}
