package io.tarn.bench;

import java.io.IOException;
import picocli.CommandLine;

/** Entry point of {@code bench/run}. */
public final class BenchApplication {
    private BenchApplication() {}

    /** Runs the command and exits with its code. */
    public static void main(final String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return configured(new CommandLine(new BenchCommand()));
    }

    /** How all commands read sizes, and tell what went wrong. */
    static CommandLine configured(final CommandLine line) {
        return line.registerConverter(ByteSize.class, ByteSize::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof IOException) {
                        command.getErr().println("bench: " + failure.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw failure;
                });
    }
}
