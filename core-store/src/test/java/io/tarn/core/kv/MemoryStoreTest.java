package io.tarn.core.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryStoreTest extends KeyValueStoreContract {
    @Override
    KeyValueStore open() {
        return new MemoryStore(FAMILIES);
    }

    @Override
    KeyValueStore crashed() {
        return ((MemoryStore) store).afterCrash();
    }

    @Override
    KeyValueStore openCheckpoint(final Path checkpoint) {
        try {
            return MemoryStore.load(FAMILIES, Files.readAllBytes(checkpoint.resolve(MemoryStore.CHECKPOINT_FILE)));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void dumpsTheSameBytesForTheSameContentWhateverTheHistory() {
        put(PLAIN, "a", "1");
        put(PLAIN, "b", "2");
        store.write(set -> set.delete(PLAIN, bytes("a")));
        final MemoryStore other = new MemoryStore(FAMILIES);
        other.write(set -> set.put(PLAIN, bytes("b"), bytes("2")));
        assertThat(((MemoryStore) store).dump()).isEqualTo(other.dump());
    }

    @Test
    void refusesADumpCutShortOrOfOtherFamilies() {
        put(PLAIN, "a", "1");
        final byte[] dump = ((MemoryStore) store).dump();
        assertThatThrownBy(() -> MemoryStore.load(List.of(LARGE), dump)).hasMessageContaining("unknown family");
        assertThatThrownBy(() -> MemoryStore.load(FAMILIES, new byte[3])).hasMessageContaining("cannot be read");
    }
}
