package io.tarn.core.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a kill leaves of a running node's directory, as far as one process can tell. A kill sees all files at one moment; a copy
 * during which a file came or went is no such moment, and is taken again.
 */
final class KilledCopy {
    private static final int COPIES_MAX = 50;

    private KilledCopy() {}

    static void of(final Path source, final Path target) {
        for (int attempt = 0; attempt < COPIES_MAX; attempt++) {
            final Path copy = target.resolveSibling(target.getFileName() + "-" + attempt);
            if (copiedAtOnce(source, copy)) {
                move(copy, target);
                return;
            }
        }
        throw new IllegalStateException("files come and go faster than they can be copied");
    }

    private static boolean copiedAtOnce(final Path source, final Path target) {
        final List<Path> before = files(source);
        try {
            for (final Path path : before) {
                final Path copy = target.resolve(source.relativize(path));
                Files.createDirectories(copy.getParent());
                Files.copy(path, copy);
            }
        } catch (final NoSuchFileException gone) {
            return false;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return files(source).equals(before);
    }

    private static List<Path> files(final Path source) {
        try (Stream<Path> paths = Files.walk(source)) {
            return paths.filter(path -> !Files.isDirectory(path) && !isTransient(path))
                    .toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final UncheckedIOException gone) {
            return List.of();
        }
    }

    private static boolean isTransient(final Path path) {
        final String name = path.getFileName().toString();
        return name.equals("in_use.lock") || name.equals("LOCK") || name.equals("raft-port") || name.endsWith(".tmp");
    }

    private static void move(final Path from, final Path to) {
        try {
            Files.move(from, to);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
