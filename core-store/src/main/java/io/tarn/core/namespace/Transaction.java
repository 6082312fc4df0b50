package io.tarn.core.namespace;

import com.google.protobuf.MessageLite;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.ContentOrigin;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.PathBase;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state as one log entry sees it: what is stored, under what the entry's earlier commands changed. Gives out ids and
 * generations, which are functions of the log alone. Confined to the applying thread.
 */
final class Transaction {
    static final byte[] NEXT_INODE = {'i'};
    /** Up to which row completions are forgotten. */
    static final byte[] FORGOTTEN_COMPLETIONS = {'c'};

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
    private final List<Grant> grants = new ArrayList<>();
    private int ordinal;
    private Optional<PathBase> pathBase = Optional.empty();
    private long session;
    private String principal = "";
    private Optional<NodeName> via = Optional.empty();
    private ContentOrigin origin = ContentOrigin.ORIGIN_UNKNOWN;
    private long shownNanos;
    private final Set<Long> news = new HashSet<>();

    /** A lock that was waited for and is held now. */
    record Grant(long session, long ticket) {}

    Transaction(final ShardRows store, final int shard, final long index, final long timeNanos) {
        this.store = store;
        this.shard = shard;
        this.index = index;
        this.timeNanos = timeNanos;
        this.storedLead = lead(store);
        this.base = index + storedLead;
    }

    static long lead(final KeyValueReader store) {
        return store.get(Families.META, GENERATION_LEAD).map(Keys::lastLong).orElse(0L);
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

    /** The next command of the entry: what events say of who did it, and when it was, if its client has shown that already. */
    void begin(final Command command) {
        session = command.getSession();
        shownNanos = command.getShownNanos();
        principal = command.getPrincipal();
        via = command.hasVia() ? Optional.of(command.getVia()) : Optional.empty();
        origin = originOf(command);
    }

    private static ContentOrigin originOf(final Command command) {
        if (command.hasCompleteUpload()) {
            return ContentOrigin.UPLOADED;
        }
        final NewContent content = command.getPutObject().getContent();
        return content.getCloneInode() != 0 || content.getCopied() ? ContentOrigin.COPIED : ContentOrigin.WRITTEN;
    }

    /** Where the content of a file that the command makes comes from. */
    ContentOrigin origin() {
        return origin;
    }

    long session() {
        return session;
    }

    String principal() {
        return principal;
    }

    /** The name by which the command reached the inode it is about. */
    Optional<NodeName> via() {
        return via;
    }

    /** The feed of this volume has changed; also of commands that failed later, which does no harm. */
    void news(final long volume) {
        news.add(volume);
    }

    Set<Long> news() {
        return news;
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

    /** The time of the entry, or the moment before it that was shown for the command. */
    long now() {
        return shownNanos == 0 ? timeNanos : Math.min(shownNanos, timeNanos);
    }

    /** A number greater than every one given before, on any replica the same. */
    long nextGeneration() {
        if (ordinal >>> ORDINAL_BITS != 0) {
            throw new IllegalStateException("too many changes in one log entry");
        }
        return base << ORDINAL_BITS | ordinal++;
    }

    /** Every generation of the entry of this base, and of later ones, is at least this. */
    static long firstGeneration(final long base) {
        return base << ORDINAL_BITS;
    }

    long nextInode() {
        return nextId(NEXT_INODE);
    }

    long nextExtent() {
        return nextId(NEXT_EXTENT);
    }

    /** The first of so many inodes that follow each other. */
    long nextInodes(final int count) {
        return nextIds(NEXT_INODE, count);
    }

    /** Number of the shard. */
    int shard() {
        return shard;
    }

    private long nextId(final byte[] counter) {
        return nextIds(counter, 1);
    }

    private long nextIds(final byte[] counter, final int count) {
        final long next = store.get(Families.META, counter).map(Keys::lastLong).orElse(1L);
        if ((next + count) >>> SHARD_SHIFT != 0) {
            throw new IllegalStateException("shard " + shard + " has used up its ids");
        }
        store.put(Families.META, counter, Keys.of(next + count));
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

    /** The same of a directory above the one that a command is about. */
    Inode inodeAbove(final long id) {
        return Records.inode(store.above(), id)
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
