package io.tarn.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;

/** Random changes to a set and to a sorted map that models it, and the comparison of the two. Few keys, so that they meet. */
final class RandomChanges {
    private static final byte[] END = {};

    private RandomChanges() {}

    static void change(
            final Random random, final Family family, final WriteSet set, final NavigableMap<byte[], byte[]> model) {
        final byte[] key = key(random);
        final int kind = random.nextInt(10);
        if (kind < 6) {
            final byte[] value = new byte[random.nextInt(4)];
            random.nextBytes(value);
            set.put(family, key, value);
            model.put(key, value);
        } else if (kind < 9) {
            set.delete(family, key);
            model.remove(key);
        } else {
            final byte[] end = key(random);
            if (end.length > 0 && KeyRange.compare(key, end) <= 0) {
                set.deleteRange(family, key, end);
                model.subMap(key, end).clear();
            }
        }
    }

    static void assertSame(
            final Random random,
            final Family family,
            final KeyValueReader reader,
            final NavigableMap<byte[], byte[]> model) {
        final byte[] from = key(random);
        final byte[] end = random.nextBoolean() ? END : key(random);
        final NavigableMap<byte[], byte[]> range = end.length == 0
                ? model.tailMap(from, true)
                : KeyRange.compare(from, end) < 0 ? model.subMap(from, true, end, false) : model.headMap(END, false);
        try (Cursor cursor = reader.scan(family, from, end)) {
            range.forEach((key, value) -> {
                assertThat(cursor.valid()).isTrue();
                assertThat(cursor.key()).isEqualTo(key);
                assertThat(cursor.value()).isEqualTo(value);
                cursor.next();
            });
            assertThat(cursor.valid()).isFalse();
            final byte[] target = key(random);
            cursor.seek(target);
            final byte[] expected =
                    range.ceilingKey(!range.isEmpty() && KeyRange.compare(target, from) < 0 ? from : target);
            assertThat(cursor.valid() ? cursor.key() : null).isEqualTo(expected);
        }
        final List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            keys.add(key(random));
        }
        final List<Optional<byte[]>> values = reader.multiGet(family, keys);
        for (int i = 0; i < keys.size(); i++) {
            final byte[] expected = model.get(keys.get(i));
            assertThat(values.get(i).orElse(null)).isEqualTo(expected);
            assertThat(reader.get(family, keys.get(i)).orElse(null)).isEqualTo(expected);
        }
    }

    private static byte[] key(final Random random) {
        final byte[] key = new byte[random.nextInt(5)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(3) - 1);
        }
        return key;
    }
}
