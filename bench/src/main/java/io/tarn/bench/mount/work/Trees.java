package io.tarn.bench.mount.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How far a program came. */
final class Trees {
    private Trees() {}

    /** Files below a directory, but for git's own. */
    static long files(final Path root) throws IOException {
        if (!Files.exists(root)) {
            return 0;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> !path.toString().contains("/.git/"))
                    .filter(Files::isRegularFile)
                    .count();
        } catch (final UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                throw new IOException("the tree changes while it is counted: a program that was stopped goes on", e);
            }
            throw e.getCause();
        }
    }
}
