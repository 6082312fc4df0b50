package io.tarn.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The distribution that the package phase left in {@code target}. */
final class Distribution {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();

    private Distribution() {}

    /** The {@code bin/tarn} of it. */
    static Path launcher() {
        try (Stream<Path> files =
                Files.find(MODULE.resolve("target"), 4, (file, attributes) -> file.endsWith(Path.of("bin", "tarn")))) {
            return files.findFirst()
                    .orElseThrow(() -> new AssertionError("no distribution in " + MODULE + "/target: run mvn package"));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A program that lies beside the tests. */
    static Path script(final String name) {
        return MODULE.resolve("src/test/scripts").resolve(name);
    }
}
