package io.tarn.server.cli;

import io.tarn.server.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The {@code tarn} command. */
@Command(
        name = "tarn",
        description = "One copy of data, served as S3 buckets and more.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Tarn.Release.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage",
            "3:not found",
            "4:no server answers",
            "5:not allowed",
            "6:no FUSE on this machine",
            "7:in use",
            "8:no such directory to mount on"
        },
        subcommands = {
            ServerCommand.class,
            TenantCommand.class,
            UserCommand.class,
            KeyCommand.class,
            VolumeCommand.class,
            StatusCommand.class,
            FsckCommand.class,
            MountCommand.class,
            UnmountCommand.class,
            MountHelperCommand.class,
            CompletionCommand.class
        })
public final class Tarn implements Callable<Integer> {
    /** Reads the release only when it is asked for. */
    static final class Release implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"tarn " + Version.current()};
        }
    }

    public static void main(final String[] arguments) {
        // explicit: threads of libraries may outlive a command that failed
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        final CommandLine line = new CommandLine(new Tarn());
        line.setExecutionExceptionHandler((failure, command, result) -> {
            if (failure instanceof CommandFailure known) {
                command.getErr().println("tarn: " + known.getMessage());
                return known.exitCode();
            }
            failure.printStackTrace(command.getErr());
            return CommandFailure.FAILED;
        });
        return line;
    }

    @Override
    public Integer call() {
        commandLine().usage(System.err);
        return CommandFailure.USAGE;
    }
}
