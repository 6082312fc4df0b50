package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.VersionEntry;
import java.util.Optional;

/**
 * The versions of names that are not current, and delete markers, newest first under each name. The null version, of which a name
 * has at most one, is also found directly.
 */
final class OldVersions {
    private final Transaction transaction;

    OldVersions(final Transaction transaction) {
        this.transaction = transaction;
    }

    static VersionEntry entryOf(final long id, final Inode inode) {
        return VersionEntry.newBuilder()
                .setInode(id)
                .setOrder(inode.getVersionOrder())
                .setNullVersion(inode.getNullVersion())
                .setTimeNanos(inode.getMtimeNanos())
                .setOwner(inode.getObject().getOwner())
                .build();
    }

    /** Keeps an entry under a name. */
    void archive(final long parent, final byte[] name, final VersionEntry entry) {
        count(entry, 1);
        transaction.put(Families.VERSION, Keys.version(parent, name, entry.getOrder()), entry);
        if (entry.getNullVersion()) {
            transaction.store.put(Families.NULL_VERSION, Keys.name(parent, name), Keys.of(entry.getOrder()));
        }
    }

    private void count(final VersionEntry entry, final int by) {
        if (entry.getInode() != 0) {
            final Inode inode = transaction.inode(entry.getInode());
            transaction.putInode(
                    entry.getInode(),
                    inode.toBuilder().setArchived(inode.getArchived() + by).build());
        }
    }

    void unarchive(final long parent, final byte[] name, final VersionEntry entry) {
        count(entry, -1);
        transaction.store.delete(Families.VERSION, Keys.version(parent, name, entry.getOrder()));
        if (entry.getNullVersion()) {
            transaction.store.delete(Families.NULL_VERSION, Keys.name(parent, name));
        }
    }

    Optional<VersionEntry> nullVersion(final long parent, final byte[] name) {
        return transaction
                .store
                .get(Families.NULL_VERSION, Keys.name(parent, name))
                .flatMap(order -> find(parent, name, Keys.lastLong(order)));
    }

    Optional<VersionEntry> find(final long parent, final byte[] name, final long order) {
        return Records.get(
                transaction.store, Families.VERSION, Keys.version(parent, name, order), VersionEntry.parser());
    }

    Optional<VersionEntry> newest(final long parent, final byte[] name) {
        final byte[] prefix = Keys.versionPrefix(parent, name);
        try (Cursor cursor = transaction.store.scan(Families.VERSION, prefix, Keys.after(prefix))) {
            return cursor.valid() ? Optional.of(Records.versionEntry(cursor.value())) : Optional.empty();
        }
    }
}
