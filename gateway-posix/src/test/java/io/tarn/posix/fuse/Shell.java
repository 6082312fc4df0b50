package io.tarn.posix.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs what a person would type, in bash, with an end: {@code timeout} kills what does not finish. A program that is not installed is a failure
 * like any other. Programs that {@code .ci/run} builds, and the checkers among the test's resources ({@code $checkers}), are at hand.
 */
final class Shell {
    private static final int KILLED_AFTER_SECONDS = 10;
    private static final int OUTPUT_SHOWN = 8_000;
    private static final Path CHECKERS = Path.of("src/test/resources/checkers").toAbsolutePath();

    private final Path directory;
    private final Map<String, String> environment;

    Shell(final Path directory, final Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /** What {@code command} wrote, without the white space around it. */
    String run(final int seconds, final String command) throws IOException, InterruptedException {
        try (Running running = start(seconds, command)) {
            return running.succeed();
        }
    }

    Running start(final int seconds, final String command) throws IOException {
        // into a file: daemons that go on would keep a pipe open
        final Path output = Files.createTempFile("shell", null);
        final var builder = new ProcessBuilder(List.of(
                        "timeout",
                        "-k",
                        Integer.toString(KILLED_AFTER_SECONDS),
                        Integer.toString(seconds),
                        "bash",
                        "-euo",
                        "pipefail",
                        "-c",
                        command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("checkers", CHECKERS.toString());
        builder.environment().put("PATH", tools() + "/bin:" + System.getenv("PATH"));
        return new Running(command, builder.start(), output);
    }

    private static Path tools() {
        return Optional.ofNullable(System.getenv("TARN_TEST_TOOLS"))
                .map(Path::of)
                .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("tarn/test-tools"));
    }

    /** Starts all, and awaits all; what each wrote. Every failure is told. */
    static List<String> together(final List<Running> all) throws IOException, InterruptedException {
        final List<String> outputs = new ArrayList<>();
        AssertionError failed = null;
        for (final Running one : all) {
            try (one) {
                outputs.add(one.succeed());
            } catch (final AssertionError e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
        return outputs;
    }

    /** A command that was started. */
    record Running(String command, Process process, Path output) implements AutoCloseable {
        /** Awaits its end; what it wrote, which with a failure is part of the error. */
        String succeed() throws IOException, InterruptedException {
            final int status = process.waitFor();
            final String written = written();
            if (status != 0) {
                throw new AssertionError("%s%nended with %d%s and wrote%n%s"
                        .formatted(command, status, status == 124 ? " (too slow)" : "", shown(written)));
            }
            return written;
        }

        private String written() throws IOException {
            return new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
        }

        private static String shown(final String written) {
            return written.length() > OUTPUT_SHOWN
                    ? "… " + written.substring(written.length() - OUTPUT_SHOWN)
                    : written;
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
