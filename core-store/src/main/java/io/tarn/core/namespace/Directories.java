package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.PathBase;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Arrays;
import java.util.Optional;

/**
 * The tree. A directory is <em>explicit</em> when somebody made it, or <em>implied</em> by a deeper key; an implied one goes with its
 * last entry, in the same log entry. One that holds nothing but old versions and delete markers is <em>hidden</em>: it keeps its
 * identity and is shown to nobody but listings of versions.
 */
final class Directories {
    static final int IMPLIED_MODE = 0755;
    /** Bounds the work of one command and the depth of recursion in every gateway. */
    static final int MAX_DEPTH = 1024;

    private final Transaction transaction;

    private final Accounts accounts;
    private final Feed feed;

    Directories(final Transaction transaction, final Accounts accounts, final Feed feed) {
        this.transaction = transaction;
        this.accounts = accounts;
        this.feed = feed;
    }

    /** The directory that holds the last name of a path, if all directories on the way exist. */
    static Optional<Long> find(final KeyValueReader store, final long root, final Path path) {
        long directory = root;
        for (final byte[] name : path.directories()) {
            final Optional<Dentry> entry = Records.directory(store, directory, name);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            directory = entry.get().getInode();
        }
        return Optional.of(directory);
    }

    /** The same within a command, whose client may have walked the first part of the path itself. */
    Optional<Long> find(final VolumeRecord record, final Path path) {
        return find(transaction.store, start(record, path), rest(path));
    }

    private long start(final VolumeRecord record, final Path path) {
        final Optional<PathBase> base = transaction.pathBase();
        if (base.isEmpty()) {
            return record.getRoot();
        }
        final int segments = base.get().getSegments();
        final boolean isThere = segments >= 1
                && segments <= path.directories().size()
                && Records.inode(transaction.store, base.get().getDirectory())
                        .filter(inode -> inode.getType() == FileType.DIRECTORY
                                && Arrays.equals(
                                        inode.getName().toByteArray(),
                                        path.directories().get(segments - 1)))
                        .isPresent();
        if (!isThere) {
            // Moved or removed since the client looked.
            throw new RowsElsewhere();
        }
        return base.get().getDirectory();
    }

    private Path rest(final Path path) {
        final int skipped = transaction.pathBase().map(PathBase::getSegments).orElse(0);
        return skipped == 0
                ? path
                : new Path(
                        path.directories().subList(skipped, path.directories().size()), path.name());
    }

    /** The same, making implied directories where there are none. */
    long make(final long volume, final VolumeRecord record, final Path path, final int uid, final int gid) {
        requireDepth(path.directories().size());
        long directory = start(record, path);
        for (final byte[] name : rest(path).directories()) {
            final Optional<Dentry> entry = Records.directory(transaction.store, directory, name);
            directory = entry.isPresent()
                    ? entry.get().getInode()
                    : create(volume, record, directory, name, uid, gid, IMPLIED_MODE, false, transaction.nextInode());
        }
        return directory;
    }

    private static void requireDepth(final int depth) {
        if (depth > MAX_DEPTH) {
            throw new StorageException(Failure.TOO_LARGE, "more than " + MAX_DEPTH + " directories deep");
        }
    }

    /**
     * Refuses a new directory that would lie too deep. Directories above that are at home in other shards are not counted: making one
     * must not become a commit between shards for that.
     */
    void requireDepthBelow(final long parent) {
        int depth = 1;
        long id = parent;
        while (transaction.owns(id)) {
            final long above = transaction.inodeAbove(id).getParent();
            if (above == id) {
                return;
            }
            depth++;
            requireDepth(depth);
            id = above;
        }
    }

    /** @param id a new inode's, of whichever shard the directory is to live in */
    long create(
            final long volume,
            final VolumeRecord record,
            final long parent,
            final byte[] name,
            final int uid,
            final int gid,
            final int mode,
            final boolean explicit,
            final long id) {
        accounts.charge(volume, record, 0, 1);
        transaction.putInode(id, newDirectory(volume, parent, name, uid, gid, mode, explicit));
        transaction.put(
                Families.DENTRY,
                Keys.directory(parent, name),
                Dentry.newBuilder()
                        .setInode(id)
                        .setType(FileType.DIRECTORY)
                        .setExplicit(explicit)
                        .build());
        changed(parent, 1, 1);
        feed.named(EventType.CREATED, volume, parent, name, id, transaction.inode(id));
        return id;
    }

    private Inode newDirectory(
            final long volume,
            final long parent,
            final byte[] name,
            final int uid,
            final int gid,
            final int mode,
            final boolean explicit) {
        final long generation = transaction.nextGeneration();
        return Inode.newBuilder()
                .setType(FileType.DIRECTORY)
                .setVolume(volume)
                .setMode(mode)
                .setUid(uid)
                .setGid(gid)
                .setNlink(2)
                .setAtimeNanos(transaction.now())
                .setMtimeNanos(transaction.now())
                .setCtimeNanos(transaction.now())
                .setBtimeNanos(transaction.now())
                .setGeneration(generation)
                .setContentGeneration(generation)
                .setParent(parent)
                .setName(ByteString.copyFrom(name))
                .setExplicit(explicit)
                .build();
    }

    void createRoot(final long volume, final long id, final int uid, final int gid, final int mode) {
        transaction.putInode(id, newDirectory(volume, id, new byte[0], uid, gid, mode, true));
    }

    /** Enters a file; a file entry of that name may exist and is replaced. */
    void link(final long parent, final byte[] name, final long inode, final FileType type) {
        final byte[] key = Keys.name(parent, name);
        final boolean isNew = transaction.store.get(Families.DENTRY, key).isEmpty();
        transaction.put(
                Families.DENTRY,
                key,
                Dentry.newBuilder().setInode(inode).setType(type).build());
        changed(parent, isNew ? 1 : 0, 0);
    }

    /** Removes a file's entry; what becomes of its directory is decided by {@link #settle}. */
    void unlink(final long parent, final byte[] name) {
        transaction.store.delete(Families.DENTRY, Keys.name(parent, name));
        changed(parent, -1, 0);
    }

    /** A directory's entries changed; the first visible entry of a hidden directory brings it and its parents back. */
    private void changed(final long directory, final int children, final int subdirectories) {
        long id = directory;
        int childrenBy = children;
        int subdirectoriesBy = subdirectories;
        while (true) {
            final Inode before = transaction.inode(id);
            final boolean appears = before.getHidden() && childrenBy > 0;
            transaction.putInode(
                    id,
                    before.toBuilder()
                            .setChildren(before.getChildren() + childrenBy)
                            .setSubdirectories(before.getSubdirectories() + subdirectoriesBy)
                            .setNlink(2 + before.getSubdirectories() + subdirectoriesBy)
                            .setMtimeNanos(transaction.now())
                            .setCtimeNanos(transaction.now())
                            .setGeneration(transaction.nextGeneration())
                            .setHidden(before.getHidden() && !appears)
                            .build());
            if (!appears) {
                return;
            }
            putEntryOf(id, before, false);
            directory(EventType.CREATED, id, before);
            id = before.getParent();
            childrenBy = 1;
            subdirectoriesBy = 1;
        }
    }

    private void putEntryOf(final long id, final Inode directory, final boolean hidden) {
        transaction.put(
                Families.DENTRY,
                Keys.directory(directory.getParent(), directory.getName().toByteArray()),
                Dentry.newBuilder()
                        .setInode(id)
                        .setType(FileType.DIRECTORY)
                        .setExplicit(directory.getExplicit())
                        .setHidden(hidden)
                        .build());
    }

    /** Hides or removes a directory that has nothing left to show, and then the same with its parents. */
    void settle(final long directory) {
        long id = directory;
        while (true) {
            final Inode inode = transaction.inode(id);
            if (inode.getExplicit() || inode.getChildren() > 0) {
                return;
            }
            if (isEmpty(id)) {
                remove(id, inode);
            } else if (inode.getHidden()) {
                return;
            } else {
                transaction.putInode(id, inode.toBuilder().setHidden(true).build());
                putEntryOf(id, inode, true);
                directory(EventType.REMOVED, id, inode);
                changed(inode.getParent(), -1, -1);
            }
            id = inode.getParent();
        }
    }

    private void remove(final long id, final Inode inode) {
        NodeCommands.dropXattrs(transaction, id);
        DelegationCommands.drop(transaction, id);
        transaction.store.delete(Families.INODE, Keys.of(id));
        transaction.store.delete(
                Families.DENTRY,
                Keys.directory(inode.getParent(), inode.getName().toByteArray()));
        accounts.charge(inode.getVolume(), volumeOf(inode), 0, -1);
        if (!inode.getHidden()) {
            directory(EventType.REMOVED, id, inode);
            changed(inode.getParent(), -1, -1);
        }
    }

    private void directory(final EventType type, final long id, final Inode inode) {
        feed.named(type, inode.getVolume(), inode.getParent(), inode.getName().toByteArray(), id, inode);
    }

    private VolumeRecord volumeOf(final Inode inode) {
        return Records.volume(transaction.store, inode.getVolume())
                .orElseThrow(() -> new IllegalStateException("inode of a volume that is gone"));
    }

    /** Drops the claim that somebody made this directory; it stays only if something implies it. */
    void makeImplied(final long id, final Inode inode) {
        makeImpliedKeeping(id, inode);
        settle(id);
    }

    /** The same, leaving it to the caller to {@link #settle} when it is done with the directory. */
    void makeImpliedKeeping(final long id, final Inode inode) {
        DelegationCommands.drop(transaction, id);
        final Inode implied = inode.toBuilder().setExplicit(false).build();
        transaction.putInode(id, implied);
        putEntryOf(id, implied, inode.getHidden());
    }

    /** Somebody makes the directory that was implied or hidden until now. */
    void makeExplicit(final long id, final int mode, final int uid, final int gid) {
        final Inode before = transaction.inode(id);
        final Inode made = before.toBuilder()
                .setExplicit(true)
                .setHidden(false)
                .setMode(mode)
                .setUid(uid)
                .setGid(gid)
                .setCtimeNanos(transaction.now())
                .setGeneration(transaction.nextGeneration())
                .build();
        transaction.putInode(id, made);
        putEntryOf(id, made, false);
        directory(before.getHidden() ? EventType.CREATED : EventType.ATTRIBUTES, id, made);
        if (before.getHidden()) {
            changed(before.getParent(), 1, 1);
        }
    }

    /** Gives a directory another place; its old parent is settled by the caller. */
    void move(final long id, final long toParent, final byte[] toName) {
        final Inode before = transaction.inode(id);
        transaction.store.delete(
                Families.DENTRY,
                Keys.directory(before.getParent(), before.getName().toByteArray()));
        final Inode moved = before.toBuilder()
                .setParent(toParent)
                .setName(ByteString.copyFrom(toName))
                .setCtimeNanos(transaction.now())
                .setGeneration(transaction.nextGeneration())
                .build();
        transaction.putInode(id, moved);
        putEntryOf(id, moved, false);
        changed(before.getParent(), -1, -1);
        changed(toParent, 1, 1);
    }

    /** Two entries take each other's place; neither directory gains or loses an entry. */
    void exchange(
            final long oneParent,
            final byte[] oneName,
            final Dentry one,
            final long otherParent,
            final byte[] otherName,
            final Dentry other) {
        dropEntry(oneParent, oneName, one);
        dropEntry(otherParent, otherName, other);
        place(otherParent, otherName, one);
        place(oneParent, oneName, other);
    }

    private void dropEntry(final long parent, final byte[] name, final Dentry entry) {
        final boolean directory = entry.getType() == FileType.DIRECTORY;
        transaction.store.delete(Families.DENTRY, directory ? Keys.directory(parent, name) : Keys.name(parent, name));
        changed(parent, -1, directory ? -1 : 0);
    }

    private void place(final long parent, final byte[] name, final Dentry entry) {
        final boolean directory = entry.getType() == FileType.DIRECTORY;
        final Inode.Builder placed = transaction.inode(entry.getInode()).toBuilder()
                .setCtimeNanos(transaction.now())
                .setGeneration(transaction.nextGeneration());
        if (directory) {
            placed.setParent(parent).setName(ByteString.copyFrom(name));
        }
        transaction.putInode(entry.getInode(), placed.build());
        transaction.put(Families.DENTRY, directory ? Keys.directory(parent, name) : Keys.name(parent, name), entry);
        changed(parent, 1, directory ? 1 : 0);
    }

    /** Whether a directory has no entry of any kind, visible or not. */
    boolean isEmpty(final long id) {
        return noneUnder(Families.DENTRY, id) && noneUnder(Families.VERSION, id);
    }

    private boolean noneUnder(final Family family, final long id) {
        final byte[] prefix = Keys.of(id);
        try (Cursor cursor = transaction.store.scan(family, prefix, Keys.after(prefix))) {
            return !cursor.valid();
        }
    }
}
