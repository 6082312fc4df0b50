package io.tarn.core.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OverlayTest {
    private static final Family FAMILY = Family.of("family", 2);
    private static final byte[] END = {};

    private final MemoryStore store = new MemoryStore(List.of(FAMILY));
    private final Overlay overlay = new Overlay(store);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void behavesAsASortedMapWithNestedUndo(final long seed) {
        final Random random = new Random(seed);
        NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        final Deque<Integer> marks = new ArrayDeque<>();
        final Deque<NavigableMap<byte[], byte[]>> models = new ArrayDeque<>();
        for (int step = 0; step < 3_000; step++) {
            final int kind = random.nextInt(40);
            if (kind == 0) {
                marks.addFirst(overlay.mark());
                models.addFirst(new TreeMap<>(model));
            } else if (kind == 1 && !marks.isEmpty()) {
                overlay.rollback(marks.removeFirst());
                model = models.removeFirst();
            } else if (kind == 2 && !marks.isEmpty()) {
                marks.removeFirst();
                models.removeFirst();
            } else if (kind == 3) {
                store.write(overlay::drainTo);
                marks.clear();
                models.clear();
                assertThat(overlay.isEmpty()).isTrue();
            } else {
                RandomChanges.change(random, FAMILY, overlay, model);
            }
            RandomChanges.assertSame(random, FAMILY, overlay, model);
        }
        store.write(overlay::drainTo);
        RandomChanges.assertSame(random, FAMILY, store, model);
    }

    @Test
    void aCursorKeepsSeeingWhatWasThereWhenItWasOpened() {
        put(1);
        put(2);
        put(3);
        try (Cursor cursor = overlay.scan(FAMILY, END, END)) {
            overlay.delete(FAMILY, key(2));
            put(4);
            for (int expected = 1; expected <= 3; expected++) {
                assertThat(cursor.key()).isEqualTo(key(expected));
                cursor.next();
            }
            assertThat(cursor.valid()).isFalse();
        }
        assertThat(overlay.get(FAMILY, key(2))).isEmpty();
        assertThat(overlay.get(FAMILY, key(4))).isPresent();
    }

    @Test
    void refusesToDeleteAnUnboundedRangeAndChangesNothing() {
        store.write(set -> {
            for (int i = 0; i <= Overlay.RANGE_DELETE_KEYS_MAX; i++) {
                set.put(FAMILY, key(i), END);
            }
        });
        assertThatThrownBy(() -> overlay.deleteRange(FAMILY, key(0), key(Integer.MAX_VALUE)))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.failure()).isEqualTo(Failure.TOO_LARGE));
        assertThat(overlay.isEmpty()).isTrue();
    }

    private void put(final int number) {
        overlay.put(FAMILY, key(number), END);
    }

    private static byte[] key(final int number) {
        return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }
}
