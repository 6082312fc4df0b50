package io.tarn.bench.mount.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run to its end, or till its time is over. What it prints goes to a file. Its messages must not depend on where it runs:
 * the locale is C, and git reads no configuration of the user's.
 */
public final class Program {
    private static final Duration LAST_BREATH = Duration.ofMinutes(2);
    private static final int LONGEST_COMPLAINT = 500;

    private final Path scratch;
    private final Path directory;
    private final List<String> command;

    /**
     * @param scratch where output is kept
     * @param directory where it runs
     */
    public Program(final Path scratch, final Path directory, final List<String> command) {
        this.scratch = scratch;
        this.directory = directory;
        this.command = List.copyOf(command);
    }

    /**
     * How it went.
     *
     * @param elapsedSeconds from start to exit
     * @param finished false when it was stopped because its time was over
     * @param output what it printed
     */
    public record Run(double elapsedSeconds, boolean finished, String output) {}

    /**
     * Runs it.
     *
     * @throws IOException when it is not installed, fails, or does not end when it is killed
     */
    public Run run(final Duration limit) throws IOException, InterruptedException {
        final Path output = Files.createTempFile(scratch, "output-", "");
        final Path errors = Files.createTempFile(scratch, "errors-", "");
        try {
            final ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().put("LC_ALL", "C");
            builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
            builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
            final long begin = System.nanoTime();
            final Process process = builder.start();
            final boolean finished = await(process, limit);
            final double elapsed = (System.nanoTime() - begin) / 1e9;
            if (finished && process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": "
                        + complaint(Files.readString(errors)));
            }
            return new Run(elapsed, finished, Files.readString(output));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private boolean await(final Process process, final Duration limit) throws IOException, InterruptedException {
        try {
            if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (!process.waitFor(LAST_BREATH.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException(command.getFirst() + " hangs in the file system and cannot be killed");
        }
        return false;
    }

    private static String complaint(final String errors) {
        final String text = errors.strip();
        return text.substring(Math.max(0, text.length() - LONGEST_COMPLAINT));
    }
}
