package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** Which shard is where. */
public interface ShardMap {
    /** The shard that a volume's root, uploads and new extents are in. */
    ShardSession forVolume(long volume);

    /**
     * The shard of this number, as it stands in ids.
     *
     * @throws StorageException {@code NOT_FOUND} for a number that no shard has
     */
    ShardSession number(int shard);

    /** Every shard of names, by number. */
    List<ShardSession> all();

    /** All names in one shard. */
    static ShardMap single(final ShardSession shard) {
        return of(List.of(shard), volume -> Optional.of(shard.shard().number()));
    }

    /**
     * These shards.
     *
     * @param homes number of a volume's home shard, if there is such a volume
     */
    static ShardMap of(final List<ShardSession> sessions, final LongFunction<Optional<Integer>> homes) {
        final Map<Integer, ShardSession> shards = new TreeMap<>();
        sessions.forEach(session -> shards.put(session.shard().number(), session));
        final List<ShardSession> all = List.copyOf(shards.values());
        return new ShardMap() {
            @Override
            public ShardSession forVolume(final long volume) {
                return number(homes.apply(volume)
                        .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no volume " + volume)));
            }

            @Override
            public ShardSession number(final int number) {
                return Optional.ofNullable(shards.get(number))
                        .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no shard " + number));
            }

            @Override
            public List<ShardSession> all() {
                return all;
            }
        };
    }
}
