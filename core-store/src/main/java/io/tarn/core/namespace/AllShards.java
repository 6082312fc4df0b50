package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All rows of all shards, for checks: a scan of a whole family goes through the shards one after the other, which is key order, for
 * the shard stands first in the ids. Of rows that every shard has its own of, a look-up gives the first.
 */
final class AllShards implements KeyValueReader {
    private final Map<Integer, KeyValueReader> shards;

    AllShards(final Map<Integer, KeyValueReader> shards) {
        this.shards = new TreeMap<>(shards);
    }

    Collection<KeyValueReader> shards() {
        return shards.values();
    }

    /** One shard's rows; those of the first for a number that no shard has. */
    KeyValueReader shard(final int number) {
        return shards.getOrDefault(number, shards.values().iterator().next());
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        final Optional<Territory.Entity> entity = Territory.entity(family, key);
        if (entity.isPresent()) {
            return shard(entity.get().shard()).get(family, key);
        }
        return shards.values().stream()
                .map(shard -> shard.get(family, key))
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        return keys.stream().map(key -> get(family, key)).toList();
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        final Optional<Territory.Entity> entity = Territory.entity(family, from);
        return entity.isPresent()
                ? shard(entity.get().shard()).scan(family, from, toExclusive)
                : new ChainedCursor(shards.values().stream()
                        .map(shard -> shard.scan(family, from, toExclusive))
                        .toList());
    }

    /** Cursors one after the other. */
    private static final class ChainedCursor implements Cursor {
        private final List<Cursor> cursors;
        private int at;

        ChainedCursor(final List<Cursor> cursors) {
            this.cursors = cursors;
        }

        @Override
        public boolean valid() {
            while (at < cursors.size() && !cursors.get(at).valid()) {
                at++;
            }
            return at < cursors.size();
        }

        @Override
        public void next() {
            cursors.get(at).next();
        }

        @Override
        public void seek(final byte[] key) {
            at = 0;
            cursors.forEach(cursor -> cursor.seek(key));
        }

        @Override
        public byte[] key() {
            return cursors.get(at).key();
        }

        @Override
        public byte[] value() {
            return cursors.get(at).value();
        }

        @Override
        public void close() {
            cursors.forEach(Cursor::close);
        }
    }
}
