package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * The copies of a store that other members may fetch, one directory per copy named by term and index. A copy appears by an
 * atomic rename when it is complete and durable; what a crash left half-written, and older copies, go with the next one.
 */
final class Checkpoints {
    private static final String UNFINISHED = "unfinished";

    private final Path directory;

    Checkpoints(final Path directory) {
        this.directory = directory;
    }

    void take(final KeyValueStore store, final TermIndex upTo) {
        final Path unfinished = directory.resolve(UNFINISHED);
        final Path finished = directory.resolve("%d_%d".formatted(upTo.getTerm(), upTo.getIndex()));
        try {
            Files.createDirectories(directory);
            delete(unfinished);
            if (!Files.exists(finished)) {
                store.checkpoint(unfinished);
                Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
                try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                    names.force(true);
                }
            }
            for (final Path older : list()) {
                if (!older.equals(finished)) {
                    delete(older);
                }
            }
        } catch (final IOException e) {
            throw new StorageException(Failure.IO_ERROR, "checkpoint " + finished + " failed", e);
        }
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> copies = Files.list(directory)) {
            return copies.toList();
        }
    }

    private static void delete(final Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
