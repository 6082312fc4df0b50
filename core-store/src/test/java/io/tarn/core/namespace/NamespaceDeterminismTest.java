package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.KeyValueStore;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.kv.RocksResources;
import io.tarn.core.kv.RocksStore;
import io.tarn.core.shard.LogEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same log gives the same bytes and the same replies, on any store and however it is read. */
final class NamespaceDeterminismTest {
    private static final long SEED = 4_711L;
    private static final int OPERATIONS = 4_000;

    @TempDir
    private Path directory;

    private static List<LogEntry> log() {
        try (MemoryStore store = new MemoryStore(Families.ALL)) {
            final Simulation simulation = new Simulation(SEED, store, true);
            while (simulation.operations() < OPERATIONS) {
                simulation.step();
            }
            return simulation.log();
        }
    }

    private static List<byte[]> replay(final List<LogEntry> log, final KeyValueStore store, final boolean oneByOne) {
        final NamespaceState state = new NamespaceState(7);
        final List<byte[]> replies = new ArrayList<>();
        for (final LogEntry entry : log) {
            final KeyValueReader reader = oneByOne ? new OneByOne(store) : store;
            store.write(changes -> replies.addAll(state.apply(entry, reader, changes)));
        }
        return replies;
    }

    private static byte[] dump(final KeyValueReader store) {
        final MemoryStore copy = new MemoryStore(Families.ALL);
        copy.write(changes -> Families.ALL.forEach(family -> {
            try (Cursor cursor = store.scan(family, new byte[0], new byte[0])) {
                for (; cursor.valid(); cursor.next()) {
                    changes.put(family, cursor.key(), cursor.value());
                }
            }
        }));
        return copy.dump();
    }

    @Test
    void twoReplicasThatReadDifferentlyHoldTheSameBytes() {
        final List<LogEntry> log = log();
        final MemoryStore first = new MemoryStore(Families.ALL);
        final MemoryStore second = new MemoryStore(Families.ALL);
        final List<byte[]> replies = replay(log, first, false);
        assertThat(replay(log, second, true))
                .usingElementComparator(Arrays::compare)
                .isEqualTo(replies);
        assertThat(second.dump()).isEqualTo(first.dump());
    }

    @Test
    void rocksHoldsTheSameBytesAsMemory() {
        final List<LogEntry> log = log();
        final MemoryStore memory = new MemoryStore(Families.ALL);
        final List<byte[]> replies = replay(log, memory, false);
        try (RocksResources resources = new RocksResources(RocksResources.Sizes.defaults());
                RocksStore rocks = RocksStore.open(directory.resolve("db"), Families.ALL, resources)) {
            assertThat(replay(log, rocks, false))
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(replies);
            assertThat(dump(rocks)).isEqualTo(memory.dump());
            try (KeyValueStore.Snapshot snapshot = rocks.snapshot()) {
                assertThat(new NamespaceAudit(snapshot).run()).isEmpty();
            }
        }
    }

    /** Reads each key by itself and copies what it is given, as another store might. */
    private record OneByOne(KeyValueReader store) implements KeyValueReader {
        @Override
        public Optional<byte[]> get(final Family family, final byte[] key) {
            return store.get(family, key).map(byte[]::clone);
        }

        @Override
        public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
            return keys.stream().map(key -> get(family, key)).toList();
        }

        @Override
        public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
            return store.scan(family, from, toExclusive);
        }
    }
}
