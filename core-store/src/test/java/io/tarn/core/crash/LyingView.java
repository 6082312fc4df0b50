package io.tarn.core.crash;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.shard.Shard;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A shard of which readers see all but the last reference to each extent's blocks, so that a keeper takes a live block for dead. */
final class LyingView extends ForwardingShard {
    LyingView(final Shard shard) {
        super(shard);
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        return super.read(reader -> query.apply(new Lie(reader)));
    }

    private record Lie(KeyValueReader reader) implements KeyValueReader {
        @Override
        public Optional<byte[]> get(final Family family, final byte[] key) {
            return reader.get(family, key);
        }

        @Override
        public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
            return reader.multiGet(family, keys);
        }

        @Override
        public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
            final Cursor cursor = reader.scan(family, from, toExclusive);
            return family.name().equals("reference") ? new AllButLast(cursor) : cursor;
        }
    }

    /** Stands on a key only while another one follows it. */
    private static final class AllButLast implements Cursor {
        private final Cursor cursor;
        private Optional<Entry> present = Optional.empty();

        private record Entry(byte[] key, byte[] value) {}

        AllButLast(final Cursor cursor) {
            this.cursor = cursor;
            next();
        }

        @Override
        public boolean valid() {
            return cursor.valid() && present.isPresent();
        }

        @Override
        public void next() {
            present = cursor.valid() ? Optional.of(new Entry(cursor.key(), cursor.value())) : Optional.empty();
            if (cursor.valid()) {
                cursor.next();
            }
        }

        @Override
        public void seek(final byte[] key) {
            cursor.seek(key);
            next();
        }

        @Override
        public byte[] key() {
            return present.orElseThrow().key();
        }

        @Override
        public byte[] value() {
            return present.orElseThrow().value();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
