package io.tarn.core.namespace;

import com.google.protobuf.MessageLite;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.Overlay;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The state as one log entry sees it: what is stored, under what the entry's earlier commands changed. Gives out ids and
 * generations, which are functions of the log alone. Confined to the applying thread.
 */
final class Transaction {
    static final byte[] NEXT_INODE = {'i'};
    static final byte[] NEXT_EXTENT = {'e'};
    private static final int SHARD_SHIFT = 48;
    /** Generations are {@code log index << 20 | ordinal in the entry}: unique, and rising with the log. */
    private static final int ORDINAL_BITS = 20;

    final Overlay store;
    private final int shard;
    private final long index;
    private final long timeNanos;
    private final List<Grant> grants = new ArrayList<>();
    private int ordinal;

    /** A lock that was waited for and is held now. */
    record Grant(long session, long ticket) {}

    Transaction(final Overlay store, final int shard, final long index, final long timeNanos) {
        this.store = store;
        this.shard = shard;
        this.index = index;
        this.timeNanos = timeNanos;
    }

    void granted(final long session, final long ticket) {
        grants.add(new Grant(session, ticket));
    }

    /** Locks granted so far; those after a failed command's mark did not come about. */
    List<Grant> grants() {
        return grants;
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
        return index << ORDINAL_BITS | ordinal++;
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
