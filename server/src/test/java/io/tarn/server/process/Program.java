package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of somebody else, run to its end.
 *
 * @param file the executable
 * @param environment variables on top of those of the tests
 */
record Program(Path file, Map<String, String> environment) {
    /** The slowest of them starts a Python on a busy machine and moves some 30 MiB. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /**
     * What a run left.
     *
     * @param exitCode 0 for success
     * @param out standard output
     * @param err standard error
     */
    record Result(int exitCode, String out, String err) {
        Result expect(final int code) {
            assertThat(exitCode)
                    .as("exit code of the program that said%n%s%n%s", out, err)
                    .isEqualTo(code);
            return this;
        }
    }

    Program {
        environment = Map.copyOf(environment);
    }

    /** A program that {@code .ci/run} installs; the test fails where there is none, so that no proof is missing unnoticed. */
    static Program installed(final String name) {
        return places().map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(file -> new Program(file, Map.of()))
                .orElseThrow(() -> new AssertionError("there is no " + name + " on this machine: run .ci/run"));
    }

    private static Stream<Path> places() {
        final Path tools = Optional.ofNullable(System.getenv("TARN_TEST_TOOLS"))
                .map(Path::of)
                .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("tarn/test-tools"));
        final String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(
                Stream.of(tools.resolve("bin")),
                Arrays.stream(path.split(File.pathSeparator)).map(Path::of));
    }

    Program with(final Map<String, String> more) {
        final Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Program(file, all);
    }

    /** Runs it and asserts that it succeeds; its standard output. */
    String succeed(final Object... arguments) {
        return run(arguments).expect(0).out();
    }

    Result run(final Object... arguments) {
        final List<String> command = Stream.concat(Stream.of(file), Arrays.stream(arguments))
                .map(Object::toString)
                .toList();
        try {
            final Path out = Files.createTempFile("out", null);
            final Path err = Files.createTempFile("err", null);
            try {
                final ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                return finish(builder.start(), out, err);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Result finish(final Process process, final Path out, final Path err) throws IOException {
        boolean ended = false;
        try {
            ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        final String said = Files.readString(out, StandardCharsets.UTF_8);
        final String complained = Files.readString(err, StandardCharsets.UTF_8);
        assertThat(ended)
                .as("ended within %s; it said%n%s%n%s", PATIENCE, said, complained)
                .isTrue();
        return new Result(process.exitValue(), said, complained);
    }
}
