package io.tarn.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RocksStoreTest extends KeyValueStoreContract {
    private static RocksResources resources;

    @BeforeAll
    static void share() {
        resources = new RocksResources(RocksResources.Sizes.defaults());
    }

    @AfterAll
    static void release() {
        resources.close();
    }

    @Override
    KeyValueStore open() {
        return RocksStore.open(directory.resolve("db"), FAMILIES, resources);
    }

    @Override
    KeyValueStore crashed() {
        final Path copy = directory.resolve("crashed");
        try (Stream<Path> files = Files.list(directory.resolve("db"))) {
            Files.createDirectory(copy);
            for (final Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return RocksStore.open(copy, FAMILIES, resources);
    }

    @Override
    KeyValueStore openCheckpoint(final Path checkpoint) {
        return RocksStore.open(checkpoint, FAMILIES, resources);
    }

    @Test
    void reopensWithMoreAndWithFewerFamilies() {
        put(PLAIN, "a", "1");
        store.close();
        final Family added = Family.of("added", 4);
        try (RocksStore fewer = RocksStore.open(directory.resolve("db"), List.of(added), resources)) {
            fewer.write(set -> set.put(added, bytes("b"), bytes("2")));
        }
        store = open();
        assertThat(get(PLAIN, "a")).contains("1");
    }
}
