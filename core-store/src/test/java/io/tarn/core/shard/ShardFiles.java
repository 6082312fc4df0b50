package io.tarn.core.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files of shard 0 of a stopped node, for making states of the disk that only a crash leaves. */
final class ShardFiles {
    private static final String OPEN = "log_inprogress_";

    private final Path node;

    ShardFiles(final Path node) {
        this.node = node;
    }

    /** Where Ratis keeps the log and its vote. */
    Path log() {
        try (Stream<Path> paths = Files.walk(node.resolve("log"))) {
            return paths.filter(path -> path.endsWith("current")
                            && path.getParent().toString().endsWith("-000000000000"))
                    .findFirst()
                    .orElseThrow();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path store() {
        return node.resolve("store").resolve("shard-0");
    }

    List<Path> segments() {
        return list(log()).stream()
                .filter(path -> path.getFileName().toString().startsWith("log_"))
                .sorted(Comparator.comparingLong(ShardFiles::firstIndex))
                .toList();
    }

    static List<Path> list(final Path directory) {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long firstIndex(final Path segment) {
        return Long.parseLong(segment.getFileName()
                .toString()
                .replace(OPEN, "")
                .replace("log_", "")
                .split("-", 2)[0]);
    }

    Path openSegment() {
        return segments().stream()
                .filter(path -> path.getFileName().toString().startsWith(OPEN))
                .findFirst()
                .orElseThrow();
    }

    /** Closes the open segment as Ratis does when it is full; {@code lastIndex} is that of its last entry. */
    void closeSegment(final long lastIndex) {
        final Path open = openSegment();
        truncate(open, endOfEntries(open));
        try {
            Files.move(open, open.resolveSibling("log_%d-%d".formatted(firstIndex(open), lastIndex)));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A segment that was begun with these bytes. */
    void beginSegment(final long firstIndex, final byte[] bytes) {
        write(log().resolve(OPEN + firstIndex), bytes);
    }

    static long endOfEntries(final Path segment) {
        final byte[] bytes = read(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    static byte[] read(final Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(final Path file, final byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void scribble(final Path file, final long position, final byte[] bytes) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), position);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void truncate(final Path file, final long size) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(final Path tree) {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
