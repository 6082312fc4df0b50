package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any set of S3 keys is a tree of distinct names that POSIX can say, and each name leads back to its entry. */
class NameEscapeTest {
    private static final String LONG = "n".repeat(300);

    @Provide
    Arbitrary<byte[]> names() {
        final Arbitrary<byte[]> nasty = Arbitraries.of(
                        "",
                        ".",
                        "..",
                        "...",
                        "a",
                        "b",
                        "%",
                        "%tarn",
                        "%tarn-",
                        "%tarn-a",
                        "%tarn+a",
                        "%tarn~",
                        "%tarn*a",
                        "\0",
                        "a\0",
                        "%00",
                        "%tarn-%00",
                        LONG,
                        LONG + "1",
                        LONG + "2",
                        "n".repeat(255),
                        "n".repeat(256),
                        "\u00e4".repeat(200),
                        "\ud83d\ude00".repeat(90),
                        "\0".repeat(100),
                        "%".repeat(249),
                        "%tarn" + "x".repeat(250))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        final Arbitrary<byte[]> any =
                Arbitraries.bytes().filter(b -> b != '/').array(byte[].class).ofMaxSize(400);
        return Arbitraries.frequencyOf(Tuple.of(4, nasty), Tuple.of(1, any));
    }

    @Provide
    Arbitrary<List<Key>> keys() {
        return names().list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(NameEscapeTest::join)
                .list()
                .ofMinSize(1)
                .ofMaxSize(25);
    }

    private static Key join(final List<byte[]> names) {
        Key key = Key.of(names.getFirst());
        for (final byte[] name : names.subList(1, names.size())) {
            key = ModelPath.join(ModelPath.join(key, new byte[] {'/'}), name);
        }
        return key;
    }

    @Property(tries = 20_000)
    void aShownNameCanBeSaidAndIsUndone(@ForAll("names") final byte[] name, @ForAll final boolean beside) {
        final byte[] shown = NameEscape.shown(name, beside);
        assertThat(shown).hasSizeBetween(1, 255).doesNotContain((byte) 0).doesNotContain((byte) '/');
        assertThat(new String(shown, StandardCharsets.ISO_8859_1)).isNotIn(".", "..");
        switch (NameEscape.parse(shown)) {
            case final NameEscape.Exact exact -> {
                assertThat(exact.name()).isEqualTo(name);
                assertThat(beside).isFalse();
            }
            case final NameEscape.Beside both -> {
                assertThat(both.name()).isEqualTo(name);
                assertThat(beside).isTrue();
            }
            case final NameEscape.Shortened shortened -> {
                assertThat(Keys.startsWith(name, shortened.prefix())).isTrue();
                assertThat(shortened.beside()).isEqualTo(beside);
            }
            case final NameEscape.None none -> throw new AssertionError("not a shown name: " + none);
        }
    }

    @Property(tries = 20_000)
    void whatParsesIsShownSo(@ForAll("names") final byte[] text) {
        switch (NameEscape.parse(text)) {
            case final NameEscape.Exact exact ->
                assertThat(NameEscape.shown(exact.name(), false)).isEqualTo(text);
            case final NameEscape.Beside both ->
                assertThat(NameEscape.shown(both.name(), true)).isEqualTo(text);
            case final NameEscape.Shortened shortened ->
                assertThat(shortened.shown()).isEqualTo(text);
            case final NameEscape.None none ->
                assertThat(NameEscape.shown(text, false)).as("%s", none).isNotEqualTo(text);
        }
    }

    @Property(tries = 500)
    void anyKeysAreATreeOfDistinctNamesAndBack(@ForAll("keys") final List<Key> keys) {
        final NamespaceFixture namespace = new NamespaceFixture();
        keys.stream().filter(key -> !key.isEmpty()).forEach(key -> namespace.put(key, "content"));
        final NodeQueries queries = namespace.queries().nodes();
        final Map<Key, Long> found = new HashMap<>();
        walk(queries, queries.root(NamespaceFixture.VOLUME).inode(), Key.EMPTY, List.of(), found);
        for (final Key key : keys) {
            final byte[] bytes = key.toByteArray();
            // The object of a directory's own key is the directory.
            if (!key.isEmpty() && bytes[bytes.length - 1] != '/') {
                assertThat(found)
                        .containsEntry(
                                key,
                                namespace
                                        .queries()
                                        .find(NamespaceFixture.VOLUME, key, Optional.empty())
                                        .orElseThrow()
                                        .inode());
            }
        }
        assertThat(new NamespaceAudit(namespace.store).run()).isEmpty();
    }

    /** Goes through the tree by shown names only; a file's stored key is put together from what its position says. */
    private static void walk(
            final NodeQueries queries,
            final long directory,
            final Key prefix,
            final List<Key> path,
            final Map<Key, Long> found) {
        final List<Key> names = new ArrayList<>();
        queries.page(directory, Key.EMPTY, 4096).entries().forEach(entry -> {
            names.add(entry.name());
            assertThat(queries.lookup(directory, entry.name()).orElseThrow()).isEqualTo(entry.node());
            final Key stored = ModelPath.join(prefix, entry.position().toByteArray());
            final List<Key> below = new ArrayList<>(path);
            below.add(entry.name());
            if (entry.node().isDirectory()) {
                assertThat(queries.path(entry.node().inode())).isEqualTo(below);
                walk(queries, entry.node().inode(), stored, below, found);
            } else {
                found.put(stored, entry.node().inode());
            }
        });
        assertThat(names).doesNotHaveDuplicates();
    }
}
