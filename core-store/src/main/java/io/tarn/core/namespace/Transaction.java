package io.tarn.core.namespace;

import com.google.protobuf.MessageLite;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Family;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.PathBase;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Optional;

/**
 * The state as one log entry sees it: what is stored, under what the entry's earlier commands changed. Gives out ids and
 * generations, which are functions of the log alone. Confined to the applying thread.
 */
final class Transaction {
    static final byte[] NEXT_INODE = {'i'};
    static final byte[] NEXT_EXTENT = {'e'};
    private static final int SHARD_SHIFT = Territory.SHARD_SHIFT;
    /** How far generations run before the log's index. */
    static final byte[] GENERATION_LEAD = {'g'};
    /**
     * Generations are {@code (log index + lead) << 20 | ordinal in the entry}: unique in the shard, and rising with the log. The lead
     * grows only with commits between shards, whose rows carry generations from one to the other.
     */
    private static final int ORDINAL_BITS = 20;

    final ShardRows store;
    private final int shard;
    private final long index;
    private final long timeNanos;
    private final long storedLead;
    private long base;
    private int ordinal;
    private Optional<PathBase> pathBase = Optional.empty();

    Transaction(final ShardRows store, final int shard, final long index, final long timeNanos) {
        this.store = store;
        this.shard = shard;
        this.index = index;
        this.timeNanos = timeNanos;
        this.storedLead =
                store.get(Families.META, GENERATION_LEAD).map(Keys::lastLong).orElse(0L);
        this.base = index + storedLead;
    }

    /** The entry is complete: what it has learnt of other shards' generations is kept. */
    void close() {
        if (base - index != storedLead) {
            store.put(Families.META, GENERATION_LEAD, Keys.of(base - index));
        }
    }

    /** Generations of this entry and earlier ones lie below, shifted. */
    long generationBase() {
        return base;
    }

    /**
     * Another shard has given out generations up to this base, and rows that bear them come to lie here or went from here: later ones
     * of this shard are greater (Lamport, CACM 1978).
     */
    void passGeneration(final long otherBase) {
        base = Math.max(base, otherBase + 1);
    }

    /** Whether an inode or extent is at home in this shard. */
    boolean owns(final long id) {
        return Territory.shardOf(id) == shard;
    }

    /** Where the key of the current command begins, if not at its volume's root. */
    Optional<PathBase> pathBase() {
        return pathBase;
    }

    void startAt(final Optional<PathBase> newBase) {
        pathBase = newBase;
    }

    long index() {
        return index;
    }

    long now() {
        return timeNanos;
    }

    /** A number greater than every one given before, on any replica the same. */
    long nextGeneration() {
        if (ordinal >>> ORDINAL_BITS != 0) {
            throw new IllegalStateException("too many changes in one log entry");
        }
        return base << ORDINAL_BITS | ordinal++;
    }

    long nextInode() {
        return nextId(NEXT_INODE);
    }

    long nextExtent() {
        return nextId(NEXT_EXTENT);
    }

    private long nextId(final byte[] counter) {
        final long next = store.get(Families.META, counter).map(Keys::lastLong).orElse(1L);
        if (next >>> SHARD_SHIFT != 0) {
            throw new IllegalStateException("shard " + shard + " has used up its ids");
        }
        store.put(Families.META, counter, Keys.of(next + 1));
        return (long) shard << SHARD_SHIFT | next;
    }

    /** The part of an id that counts within its shard. */
    static long sequence(final long id) {
        return id & (1L << SHARD_SHIFT) - 1;
    }

    void put(final Family family, final byte[] key, final MessageLite record) {
        store.put(family, key, record.toByteArray());
    }

    void putInode(final long id, final Inode inode) {
        put(Families.INODE, Keys.of(id), inode);
    }

    /** An inode that something refers to. */
    Inode inode(final long id) {
        return Records.inode(store, id)
                .orElseThrow(() -> new IllegalStateException("inode %x is referred to and missing".formatted(id)));
    }

    /** The volume, open for changes. */
    VolumeRecord volume(final long volume) {
        final VolumeRecord record = Records.volume(store, volume)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no volume " + volume));
        if (record.getClosed()) {
            throw new StorageException(Failure.NOT_FOUND, "volume " + volume + " is being deleted");
        }
        return record;
    }
}
