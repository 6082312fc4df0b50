package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of several shards as one: each read goes to the shard that the key belongs to, all others to the home shard. The shards are
 * not frozen at one moment together; each is by itself.
 */
public final class AllShardsReader implements KeyValueReader {
    private final Map<Integer, KeyValueReader> shards;
    private final KeyValueReader home;

    /**
     * @param shards reader of each shard by number
     * @param home number of the shard whose volumes, uploads and counters are meant
     */
    public AllShardsReader(final Map<Integer, KeyValueReader> shards, final int home) {
        this.shards = Map.copyOf(shards);
        this.home = Objects.requireNonNull(shards.get(home));
    }

    /** An id of a shard that does not exist is looked up at home, where nothing has it. */
    private KeyValueReader of(final int shard) {
        return shards.getOrDefault(shard, home);
    }

    private KeyValueReader of(final Family family, final byte[] key) {
        return Territory.entity(family, key).map(entity -> of(entity.shard())).orElse(home);
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        return of(family, key).get(family, key);
    }

    /** One call into each shard that has any of the keys. */
    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        if (!Territory.isEntity(family)) {
            return home.multiGet(family, keys);
        }
        final Map<Integer, List<Integer>> places = new TreeMap<>();
        for (int at = 0; at < keys.size(); at++) {
            places.computeIfAbsent(Territory.shardOf(Keys.longAt(keys.get(at), 0)), shard -> new ArrayList<>())
                    .add(at);
        }
        final List<Optional<byte[]>> values = new ArrayList<>(Collections.nCopies(keys.size(), Optional.empty()));
        places.forEach((shard, indexes) -> {
            final List<Optional<byte[]>> found =
                    of(shard).multiGet(family, indexes.stream().map(keys::get).toList());
            for (int at = 0; at < indexes.size(); at++) {
                values.set(indexes.get(at), found.get(at));
            }
        });
        return values;
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        return of(family, from).scan(family, from, toExclusive);
    }
}
