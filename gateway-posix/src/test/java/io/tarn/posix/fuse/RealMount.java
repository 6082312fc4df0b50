package io.tarn.posix.fuse;

import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.linux.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system that is really mounted, and unmounted whatever happens. */
class RealMount implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 240;

    final RequestBuffers buffers = new RequestBuffers(64);
    final Path directory;
    FuseSession session;

    RealMount(final FileSystem fileSystem, final SessionOptions options) throws IOException {
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "posixspeed-test-");
        final Descriptor device = Mounting.mount(
                MountWish.of(directory, options.name()).forOthersToo().withPrivileges());
        try {
            session = FuseSession.begin(device, fileSystem, options, buffers);
        } catch (final IOException failed) {
            Mounting.unmount(directory, true);
            throw failed;
        }
    }

    /** Runs a command of the shell in the mounted directory; what it wrote, which with a failure is part of the error. */
    String shell(final String command) throws IOException, InterruptedException {
        final Process process = start(command);
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(command + ": " + output);
        }
        return output.strip();
    }

    Process start(final String command) throws IOException {
        return new ProcessBuilder("bash", "-c", "set -e; " + command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    @Override
    public void close() throws IOException {
        try {
            if (MountPoints.deviceAt(directory).isPresent()) {
                Mounting.unmount(directory, true);
            }
        } finally {
            session.close();
            buffers.close();
            Files.delete(directory);
        }
    }
}
