package io.tarn.bench.mount.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What is copied onto the mounts: an archive and a repository, made in the scratch directory when they are first asked for, the same in each
 * run. Not thread-safe.
 */
final class Fixtures {
    private static final Duration MAKING = Duration.ofMinutes(10);
    private static final int FILES_PER_DIRECTORY = 50;
    private static final int LARGEST_BYTES = 8192;
    private static final long SEED = 20261129;
    private static final String IDENTITY = "bench";

    private final Path scratch;

    Fixtures(final Path scratch) {
        this.scratch = scratch;
    }

    /** A tar archive of so many files. */
    Path archive(final int files) throws IOException, InterruptedException {
        final Path archive = scratch.resolve("tree-" + files + ".tar");
        if (!Files.exists(archive)) {
            final Path tree = Files.createDirectory(scratch.resolve("tree-" + files));
            grow(tree, files);
            finish(new Program(scratch, tree, List.of("tar", "-cf", archive.toString(), ".")));
        }
        return archive;
    }

    /** A repository of one commit of so many files, in one pack. */
    Path repository(final int files) throws IOException, InterruptedException {
        final Path repository = scratch.resolve("repository-" + files);
        if (!Files.exists(repository)) {
            Files.createDirectory(repository);
            grow(repository, files);
            git(repository, "init", "-q", "-b", "main");
            git(repository, "add", ".");
            git(
                    repository,
                    "-c",
                    "user.name=" + IDENTITY,
                    "-c",
                    "user.email=" + IDENTITY + "@localhost",
                    "commit",
                    "-q",
                    "-m",
                    "a tree");
            git(repository, "repack", "-q", "-a", "-d");
        }
        return repository;
    }

    private void git(final Path repository, final String... arguments) throws IOException, InterruptedException {
        final var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        finish(new Program(scratch, repository, command));
    }

    private static void finish(final Program program) throws IOException, InterruptedException {
        if (!program.run(MAKING).finished()) {
            throw new IOException("what is to be copied was not made within " + MAKING.toSeconds() + " s");
        }
    }

    /** Files of 1 byte to 8 KiB of text that compresses by half, as sources do. */
    private static void grow(final Path root, final int files) throws IOException {
        final Random random = new Random(SEED);
        Path directory = root;
        for (int file = 0; file < files; file++) {
            if (file % FILES_PER_DIRECTORY == 0) {
                directory = Files.createDirectory(
                        root.resolve(String.format(Locale.ROOT, "d%04d", file / FILES_PER_DIRECTORY)));
            }
            final byte[] content = new byte[1 + random.nextInt(LARGEST_BYTES)];
            for (int i = 0; i < content.length; i++) {
                content[i] = (byte) ('a' + random.nextInt(16));
            }
            Files.write(directory.resolve("file" + file), content);
        }
    }
}
