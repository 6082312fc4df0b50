package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Streams the rows of a family, or of a prefix of it, to an audit. */
final class FamilyRows {
    private static final byte[] ALL = {};

    private FamilyRows() {}

    @FunctionalInterface
    interface Row {
        void accept(byte[] key, byte[] value);
    }

    static void forEach(final KeyValueReader store, final Family family, final Row row) {
        scan(store, family, ALL, ALL, row);
    }

    static void forEach(final KeyValueReader store, final Family family, final byte[] prefix, final Row row) {
        scan(store, family, prefix, Keys.after(prefix), row);
    }

    private static void scan(
            final KeyValueReader store, final Family family, final byte[] from, final byte[] to, final Row row) {
        try (Cursor cursor = store.scan(family, from, to)) {
            for (; cursor.valid(); cursor.next()) {
                row.accept(cursor.key(), cursor.value());
            }
        }
    }

    /** Gives each distinct eight-byte prefix of a family once, seeking over what shares it. */
    static void forEachPrefix(final KeyValueReader store, final Family family, final LongConsumer prefix) {
        try (Cursor cursor = store.scan(family, ALL, ALL)) {
            while (cursor.valid()) {
                final long number = Keys.longAt(cursor.key(), 0);
                prefix.accept(number);
                final byte[] next = Keys.after(Keys.of(number));
                if (next.length == 0) {
                    return;
                }
                cursor.seek(next);
            }
        }
    }

    static boolean any(final KeyValueReader store, final Family family, final byte[] prefix) {
        try (Cursor cursor = store.scan(family, prefix, Keys.after(prefix))) {
            return cursor.valid();
        }
    }

    /** A row's key for a person to read: hexadecimal. */
    static String text(final byte[] key) {
        return HexFormat.of().formatHex(key);
    }

    static byte[] tail(final byte[] key) {
        return Arrays.copyOfRange(key, Long.BYTES, key.length);
    }
}
