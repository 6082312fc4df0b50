package io.tarn.core.namespace;

import io.tarn.client.Key;
import java.util.List;
import java.util.Random;

/** A small alphabet of names, so that operations meet, made of what has broken other stores. */
final class NastyKeys {
    private static final List<Key> KEYS = List.of(
            Key.of("a"),
            Key.of("a/"),
            Key.of("a//"),
            Key.of("a//b"),
            Key.of("/"),
            Key.of("/a"),
            Key.of("a/b"),
            Key.of("a/b/"),
            Key.of("a/b/c"),
            Key.of("a/b/c/d/e"),
            Key.of("a/./b"),
            Key.of("a/../b"),
            Key.of("."),
            Key.of(".."),
            Key.of("a+"),
            Key.of("a."),
            Key.of("a0"),
            Key.of("a/b+"),
            Key.of("a/b0"),
            Key.of("a\0"),
            Key.of("a\0/b"),
            Key.of("a\0\0"),
            Key.of("a\1"),
            Key.of("a/\0"),
            Key.of("a\u00ff"),
            Key.of("\ud83d\ude00"),
            Key.of("\ud83d\ude00/x"),
            Key.of("\uffee"),
            Key.of(new byte[] {(byte) 0xff}),
            Key.of(new byte[] {(byte) 0xff, '/', 'a'}),
            Key.of(new byte[] {'a', '/', (byte) 0xff, (byte) 0xff}),
            Key.of(new byte[] {'a', '/', (byte) 0xff, (byte) 0xff, '/', 'b'}),
            Key.of("d/".repeat(20) + "f"),
            Key.of("long-" + "n".repeat(1_000)));
    private static final List<Key> DEEPEST = List.of(Key.of("x/".repeat(512)), Key.of("y/".repeat(1_025)));
    private static final int DEEPEST_ONE_IN = 4_000;

    private static final List<Key> PREFIXES = List.of(
            Key.EMPTY,
            Key.of("a"),
            Key.of("a/"),
            Key.of("a//"),
            Key.of("a/b"),
            Key.of("a/b/"),
            Key.of("a/b/c/"),
            Key.of("/"),
            Key.of("d/d/"),
            Key.of("\ud83d\ude00/"),
            Key.of(new byte[] {(byte) 0xff}),
            Key.of(new byte[] {'a', '/', (byte) 0xff}),
            Key.of("zzz"));
    private static final List<Key> DELIMITERS = List.of(
            Key.EMPTY,
            Key.EMPTY,
            Key.of("/"),
            Key.of("/"),
            Key.of("/"),
            Key.of("//"),
            Key.of("b"),
            Key.of("/b"),
            Key.of("b/"),
            Key.of("\0"),
            Key.of(new byte[] {(byte) 0xff}),
            Key.of("\ud83d\ude00"));

    private NastyKeys() {}

    static Key key(final Random random) {
        final List<Key> from = random.nextInt(DEEPEST_ONE_IN) == 0 ? DEEPEST : KEYS;
        return from.get(random.nextInt(from.size()));
    }

    static Key prefix(final Random random) {
        return PREFIXES.get(random.nextInt(PREFIXES.size()));
    }

    static Key delimiter(final Random random) {
        return DELIMITERS.get(random.nextInt(DELIMITERS.size()));
    }

    /** Where a listing goes on: nowhere yet, at a key, at a prefix, or beside one. */
    static Key marker(final Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Key.EMPTY;
            case 1 -> prefix(random);
            case 2 -> delimiter(random);
            default -> KEYS.get(random.nextInt(KEYS.size()));
        };
    }
}
