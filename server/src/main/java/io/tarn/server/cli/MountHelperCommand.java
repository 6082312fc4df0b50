package io.tarn.server.cli;

import io.tarn.server.mount.control.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What mount(8) calls for {@code mount -t fuse.tarn} and lines of fstab, as {@code mount.fuse.tarn SPEC DIR [-sfnv] [-o OPTIONS]}. The
 * options {@code endpoint=} and {@code data=} are those of the command; exit codes are mount(8)'s.
 */
@Command(name = "mount-helper", hidden = true, description = "Called by mount(8) as mount.fuse.tarn.")
final class MountHelperCommand implements Callable<Integer> {
    private static final int WRONG_USAGE = 1;
    private static final int MOUNT_FAILED = 32;
    private static final String TRANSPORT = "transport=";

    @Parameters(index = "0", paramLabel = "VOLUME[/DIR]")
    private String target;

    @Parameters(index = "1", paramLabel = "DIR")
    private Path directory;

    @Option(names = "-o", paramLabel = "OPTIONS")
    private List<String> options = List.of();

    @Option(names = "-t", paramLabel = "TYPE", description = "Given when the type is not in the helper's name.")
    private String type = "";

    @Option(names = "-f", description = "Do all but mount.")
    private boolean fake;

    @Option(names = "-v", description = "Say what is done.")
    private boolean verbose;

    /** There is no mtab to be spared any more, and options that are not understood are told in any case. */
    @Option(
            names = {"-n", "-s"},
            description = "Of no effect.")
    void ofNoEffect(final boolean given) {}

    private Transport transport = Transport.KERNEL;

    @Override
    public Integer call() {
        final List<String> left = new ArrayList<>();
        final Connection connection = new Connection();
        for (final String option : String.join(",", options).split(",", -1)) {
            if (option.startsWith("endpoint=")) {
                connection.endpoint(option.substring("endpoint=".length()));
            } else if (option.startsWith("data=")) {
                connection.data(Path.of(option.substring("data=".length())));
            } else if (option.startsWith(TRANSPORT)) {
                transport =
                        Transport.valueOf(option.substring(TRANSPORT.length()).toUpperCase(Locale.ROOT));
            } else {
                left.add(option);
            }
        }
        try {
            MountTroubles.told(() -> mount(left, connection));
            return 0;
        } catch (final CommandFailure failed) {
            throw new CommandFailure(
                    failed.exitCode() == CommandFailure.USAGE ? WRONG_USAGE : MOUNT_FAILED,
                    failed.getMessage(),
                    failed);
        }
    }

    private void mount(final List<String> left, final Connection connection) throws IOException {
        if (verbose) {
            System.err.println("tarn: " + target + " on " + directory + (type.isEmpty() ? "" : " as " + type));
        }
        if (!fake) {
            MountCommand.mount(target, directory, transport, String.join(",", left), connection, false);
        }
    }
}
