package io.tarn.server.cli;

import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fs.MountTarget;
import io.tarn.posix.fuse.Mounting;
import io.tarn.server.cli.Output.Column;
import io.tarn.server.mount.Mounts;
import io.tarn.server.mount.control.Field;
import io.tarn.server.mount.control.MountDescription;
import io.tarn.server.mount.control.StateFolder;
import io.tarn.server.mount.control.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "mount",
        description = {
            "Mount a volume, or a directory in it, on a directory of this machine.",
            "It goes on in the background when the mount is live. Options: docs/posix.md."
        })
final class MountCommand implements Callable<Integer> {
    private static final List<Column> LIST = List.of(
            Column.of("mount", MountDescription.TARGET),
            Column.of("directory", MountDescription.DIRECTORY),
            Column.of("server", MountDescription.ENDPOINT),
            Column.of("state", Field.STATE),
            Column.of("process", Field.WORKER),
            Column.of("options", MountDescription.OPTIONS));

    /** What carries requests between the kernel and this program. */
    enum TransportChoice {
        kernel,
        jnr
    }

    @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME[/DIR]", description = "What to mount.")
    private String target;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DIR", description = "Where; an existing directory.")
    private Path directory;

    @Option(
            names = "-o",
            paramLabel = "OPTION[,OPTION...]",
            description = "Mount options, such as ro,allow_other,uid=1000,cache-size=256M; may be given many times.")
    private List<String> options = List.of();

    @Option(
            names = {"-f", "--foreground"},
            description = "Stay until it is unmounted, and unmount when interrupted.")
    private boolean foreground;

    @Option(names = "--transport", description = "How requests get here: ${COMPLETION-CANDIDATES}.")
    private TransportChoice transport = TransportChoice.kernel;

    @Option(names = "--list", description = "Show this user's mounts on this machine.")
    private boolean list;

    @Option(
            names = "--upgrade",
            description = "Let a new process, of the program as it is now, serve all mounts; programs go on.")
    private boolean upgrade;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if ((list || upgrade) == (target != null) || (list && upgrade) || (target != null && directory == null)) {
            throw new CommandFailure(
                    CommandFailure.USAGE, "give VOLUME and DIR, or --list, or --upgrade; see tarn mount --help");
        }
        MountTroubles.told(() -> {
            if (list) {
                output.table(JsonMapper.shared().valueToTree(new Mounts(System.getenv()).list()), LIST);
            } else if (upgrade) {
                output.done(
                        new Mounts(System.getenv()).upgrade()
                                ? "all mounts are served by a new process"
                                : "nothing is mounted");
            } else {
                mount(
                        target,
                        directory,
                        Transport.valueOf(transport.name().toUpperCase(Locale.ROOT)),
                        String.join(",", options),
                        connection,
                        foreground);
            }
        });
        return 0;
    }

    /** Mounts, and with {@code stays} waits for the end. */
    static void mount(
            final String target,
            final Path directory,
            final Transport transport,
            final String options,
            final Connection connection,
            final boolean stays)
            throws IOException {
        // what a look at the words and at this machine shows needs no server
        MountTarget.parse(target);
        final String all = withDefaults(options);
        MountOptions.parse(all);
        final Path free = Mounting.requireMountable(directory);
        final Connection.Node node = connection.node(System.getenv());
        final MountDescription description = new MountDescription(
                target, free.toString(), transport, all, node.endpoint(), node.accessKey(), node.secret());
        final Mounts mounts = new Mounts(System.getenv());
        try (Mounts.Live live = mounts.mount(description, stays)) {
            if (stays) {
                final Thread hook = Thread.ofPlatform().unstarted(() -> unmountAtEnd(mounts, live.directory()));
                Runtime.getRuntime().addShutdownHook(hook);
                live.awaitEnd();
            }
        }
    }

    /** Root mounts for everybody, as one does a disk. */
    private static String withDefaults(final String options) throws IOException {
        final List<String> all = new ArrayList<>();
        if (StateFolder.user() == 0) {
            all.add("allow_other");
        }
        if (!options.isBlank()) {
            all.add(options);
        }
        return String.join(",", all);
    }

    private static void unmountAtEnd(final Mounts mounts, final Path directory) {
        try {
            mounts.unmountAnyhow(directory);
        } catch (final IOException failed) {
            System.err.println("tarn: " + failed.getMessage());
        }
    }
}
