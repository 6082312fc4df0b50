package io.tarn.bench;

import picocli.CommandLine;

/** Entry point of {@code bench/mounts}. */
public final class MountsApplication {
    private MountsApplication() {}

    /** Runs the command and exits with its code. */
    public static void main(final String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return BenchApplication.configured(new CommandLine(new MountsCommand()));
    }
}
