package io.tarn.core.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store owes its callers. */
abstract class KeyValueStoreContract {
    static final Family PLAIN = Family.of("plain", 0);
    static final Family PREFIXED = Family.of("prefixed", 2);
    static final Family LARGE = new Family("large", 0, true);
    static final List<Family> FAMILIES = List.of(PLAIN, PREFIXED, LARGE);
    private static final byte[] END = {};

    @TempDir
    Path directory;

    KeyValueStore store;

    abstract KeyValueStore open();

    /** The store in the state a crash of the process leaves. */
    abstract KeyValueStore crashed();

    /** Opens what {@link KeyValueStore#checkpoint} wrote. */
    abstract KeyValueStore openCheckpoint(Path checkpoint);

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void returnsWhatWasPut() {
        put(PLAIN, "a", "1");
        assertThat(get(PLAIN, "a")).contains("1");
        assertThat(get(PLAIN, "b")).isEmpty();
        assertThat(get(PREFIXED, "a")).isEmpty();
    }

    @Test
    void keepsLargeValues() {
        final byte[] large = new byte[100_000];
        new Random(1).nextBytes(large);
        store.write(set -> set.put(LARGE, bytes("k"), large));
        store.flush();
        assertThat(store.get(LARGE, bytes("k")).orElseThrow()).isEqualTo(large);
    }

    @Test
    void laterChangesOfAWriteWin() {
        store.write(set -> {
            set.put(PLAIN, bytes("a"), bytes("1"));
            set.delete(PLAIN, bytes("a"));
            set.put(PLAIN, bytes("b"), bytes("1"));
            set.put(PLAIN, bytes("b"), bytes("2"));
            set.put(PLAIN, bytes("c"), bytes("1"));
            set.deleteRange(PLAIN, bytes("c"), bytes("d"));
            set.deleteRange(PLAIN, bytes("e"), bytes("f"));
            set.put(PLAIN, bytes("e"), bytes("3"));
        });
        assertThat(entries(PLAIN, "", "")).containsExactly("b=2", "e=3");
    }

    @Test
    void anExceptionInAWriteLeavesNothingOfIt() {
        put(PLAIN, "a", "1");
        assertThatThrownBy(() -> store.write(set -> {
                    set.put(PLAIN, bytes("a"), bytes("2"));
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        put(PLAIN, "b", "1");
        assertThat(entries(PLAIN, "", "")).containsExactly("a=1", "b=1");
    }

    @Test
    void scansInUnsignedByteOrder() {
        final byte[][] keys = {{}, {0}, {0, 0}, {0x7f}, {(byte) 0x80}, {(byte) 0xff}, {(byte) 0xff, (byte) 0xff}};
        store.write(set -> {
            for (final byte[] key : keys) {
                set.put(PLAIN, key, key);
            }
        });
        try (Cursor cursor = store.scan(PLAIN, END, END)) {
            for (final byte[] key : keys) {
                assertThat(cursor.valid()).isTrue();
                assertThat(cursor.key()).isEqualTo(key);
                cursor.next();
            }
            assertThat(cursor.valid()).isFalse();
        }
    }

    @Test
    void scansHalfOpenRangesWithinAndAcrossPrefixes() {
        put(PREFIXED, "a", "0");
        put(PREFIXED, "aa1", "1");
        put(PREFIXED, "aa2", "2");
        put(PREFIXED, "ab1", "3");
        put(PREFIXED, "ba1", "4");
        store.flush();
        put(PREFIXED, "aa3", "5");
        assertThat(entries(PREFIXED, "aa", "ab")).containsExactly("aa1=1", "aa2=2", "aa3=5");
        assertThat(entries(PREFIXED, "aa2", "aa3")).containsExactly("aa2=2");
        assertThat(entries(PREFIXED, "aa2", "b")).containsExactly("aa2=2", "aa3=5", "ab1=3");
        assertThat(entries(PREFIXED, "", "aa2")).containsExactly("a=0", "aa1=1");
        assertThat(entries(PREFIXED, "ab", "")).containsExactly("ab1=3", "ba1=4");
        assertThat(entries(PREFIXED, "b", "a")).isEmpty();
        assertThat(entries(PREFIXED, "b", "b")).isEmpty();
    }

    @Test
    void seeksForwardsAndBackwardsWithinItsRange() {
        for (final String key : List.of("a", "b", "c", "d", "e")) {
            put(PLAIN, key, key);
        }
        try (Cursor cursor = store.scan(PLAIN, bytes("b"), bytes("e"))) {
            cursor.seek(bytes("d"));
            assertThat(cursor.key()).isEqualTo(bytes("d"));
            cursor.seek(bytes("a"));
            assertThat(cursor.key()).isEqualTo(bytes("b"));
            cursor.seek(bytes("bb"));
            assertThat(cursor.key()).isEqualTo(bytes("c"));
            cursor.seek(bytes("e"));
            assertThat(cursor.valid()).isFalse();
            cursor.seek(bytes("c"));
            assertThat(cursor.valid()).isTrue();
        }
    }

    @Test
    void cursorsAndSnapshotsDoNotSeeLaterWrites() {
        put(PLAIN, "a", "1");
        try (KeyValueStore.Snapshot snapshot = store.snapshot();
                Cursor cursor = store.scan(PLAIN, END, END)) {
            put(PLAIN, "a", "2");
            put(PLAIN, "b", "2");
            assertThat(cursor.value()).isEqualTo(bytes("1"));
            cursor.next();
            assertThat(cursor.valid()).isFalse();
            assertThat(snapshot.get(PLAIN, bytes("a")).orElseThrow()).isEqualTo(bytes("1"));
            assertThat(snapshot.multiGet(PLAIN, List.of(bytes("b")))).containsExactly(Optional.empty());
        }
        assertThat(get(PLAIN, "a")).contains("2");
    }

    @Test
    void multiGetAnswersInTheOrderAsked() {
        put(PLAIN, "a", "1");
        put(PLAIN, "c", "3");
        final List<Optional<byte[]>> found = store.multiGet(PLAIN, List.of(bytes("c"), bytes("b"), bytes("a")));
        assertThat(found.stream().map(v -> v.map(String::new).orElse("-")).toList())
                .containsExactly("3", "-", "1");
        assertThat(store.multiGet(PLAIN, List.of())).isEmpty();
    }

    @Test
    void aCrashKeepsWhatWasFlushedOfAllFamiliesTogether() {
        put(PLAIN, "a", "1");
        put(PREFIXED, "aa", "1");
        store.flush();
        store.write(set -> {
            set.put(PLAIN, bytes("a"), bytes("2"));
            set.put(PREFIXED, bytes("aa"), bytes("2"));
        });
        try (KeyValueStore after = crashed()) {
            final Optional<byte[]> plain = after.get(PLAIN, bytes("a"));
            final Optional<byte[]> prefixed = after.get(PREFIXED, bytes("aa"));
            assertThat(plain.orElseThrow()).isEqualTo(bytes("1")).isEqualTo(prefixed.orElseThrow());
        }
    }

    @Test
    void checkpointsHoldEverythingWritten() {
        put(PLAIN, "a", "1");
        put(LARGE, "b", "x".repeat(2_000));
        final Path checkpoint = directory.resolve("checkpoint");
        store.checkpoint(checkpoint);
        put(PLAIN, "a", "2");
        try (KeyValueStore copy = openCheckpoint(checkpoint)) {
            assertThat(copy.get(PLAIN, bytes("a")).orElseThrow()).isEqualTo(bytes("1"));
            assertThat(copy.get(LARGE, bytes("b")).orElseThrow()).hasSize(2_000);
        }
    }

    @Test
    void refusesUseAfterClose() {
        store.close();
        assertThatThrownBy(() -> get(PLAIN, "a")).hasMessageContaining("closed");
        store = open();
    }

    @Test
    void behavesAsASortedMapUnderRandomWrites() {
        final Random random = new Random(7);
        final TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        for (int round = 0; round < 200; round++) {
            store.write(set -> {
                for (int i = 0; i < 10; i++) {
                    RandomChanges.change(random, PREFIXED, set, model);
                }
            });
            if (round % 50 == 49) {
                store.flush();
            }
            RandomChanges.assertSame(random, PREFIXED, store, model);
        }
    }

    final void put(final Family family, final String key, final String value) {
        store.write(set -> set.put(family, bytes(key), bytes(value)));
    }

    final Optional<String> get(final Family family, final String key) {
        return store.get(family, bytes(key)).map(value -> new String(value, UTF_8));
    }

    final List<String> entries(final Family family, final String from, final String to) {
        final List<String> entries = new ArrayList<>();
        try (Cursor cursor = store.scan(family, bytes(from), bytes(to))) {
            for (; cursor.valid(); cursor.next()) {
                entries.add(new String(cursor.key(), UTF_8) + "=" + new String(cursor.value(), UTF_8));
            }
        }
        return entries;
    }

    static byte[] bytes(final String text) {
        return text.getBytes(UTF_8);
    }
}
