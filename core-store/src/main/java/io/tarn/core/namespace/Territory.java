package io.tarn.core.namespace;

import io.tarn.core.kv.Family;
import java.util.Optional;

/**
 * Which shard a row belongs to. Rows of an inode (its record, entries, versions, slices, attributes) and of an extent (its record and
 * references) belong to the shard that stands in the id; all others belong to whichever shard holds them. What moves between shards
 * or is held by one is such an entity as a whole.
 */
final class Territory {
    static final int SHARD_SHIFT = 48;

    private Territory() {}

    /** What the first eight bytes of an entity's keys name. */
    enum Kind {
        INODE(1),
        EXTENT(2);

        /** Stands in keys and log entries. */
        private final int code;

        Kind(final int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Kind of(final int code) {
            return switch (code) {
                case 1 -> INODE;
                case 2 -> EXTENT;
                default -> throw new IllegalStateException("no kind of entity " + code);
            };
        }
    }

    /**
     * An inode with all that is keyed by it, or an extent.
     *
     * @param kind which of them
     * @param id with the shard in its upper bits
     */
    record Entity(Kind kind, long id) {
        int shard() {
            return shardOf(id);
        }
    }

    static int shardOf(final long id) {
        return (int) (id >>> SHARD_SHIFT);
    }

    /** Empty for rows that have no home of their own, and for the bounds of a scan over a whole family. */
    static Optional<Entity> entity(final Family family, final byte[] key) {
        return isEntity(family) && key.length >= Long.BYTES
                ? Optional.of(new Entity(kind(family), Keys.longAt(key, 0)))
                : Optional.empty();
    }

    /**
     * Whether a row is one of an entity of another shard; allocates nothing. Shard 0 is the control group, which has none: an id
     * that names it, such as 0, is of nothing, wherever it is looked up.
     */
    static boolean isElsewhere(final int shard, final Family family, final byte[] key) {
        if (!isEntity(family) || key.length < Long.BYTES) {
            return false;
        }
        final int home = shardOf(Keys.longAt(key, 0));
        return home != shard && home != 0;
    }

    static boolean isEntity(final Family family) {
        return isOfExtent(family) || Families.OF_INODES.contains(family);
    }

    static Kind kind(final Family family) {
        return isOfExtent(family) ? Kind.EXTENT : Kind.INODE;
    }

    private static boolean isOfExtent(final Family family) {
        return Families.OF_EXTENTS.contains(family);
    }
}
