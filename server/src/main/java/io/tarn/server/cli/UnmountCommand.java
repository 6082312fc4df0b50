package io.tarn.server.cli;

import io.tarn.server.mount.Mounts;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "umount",
        description = "Take a mount away; returns when all that was written is stored. umount(8) does, too.")
final class UnmountCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Where it is mounted.")
    private Path directory;

    @Option(
            names = {"-l", "--lazy"},
            description = "Though programs use it: from the names at once, whole when the last lets go.")
    private boolean lazily;

    @Override
    public Integer call() {
        MountTroubles.told(() -> new Mounts(System.getenv()).unmount(directory, lazily));
        return 0;
    }
}
