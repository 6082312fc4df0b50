package io.tarn.core.session;

/** Which shard is where. */
public interface ShardMap {
    /** The shard that a volume's root, uploads and new extents are in. */
    ShardSession forVolume(long volume);

    /** The shard of this number, as it stands in ids. */
    ShardSession number(int shard);

    /** All names in one shard. */
    static ShardMap single(final ShardSession shard) {
        return new ShardMap() {
            @Override
            public ShardSession forVolume(final long volume) {
                return shard;
            }

            @Override
            public ShardSession number(final int number) {
                if (number != shard.shard().number()) {
                    throw new IllegalStateException("no shard " + number + " here");
                }
                return shard;
            }
        };
    }
}
