package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.VersionEntry;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Optional;

/**
 * Finds versions by key. A look-up is one point read for each directory, one for the entry and one for the inode.
 *
 * <p>Reads race with the applying thread: an entry may point to an inode that the next log entry has just dropped. Such a look-up
 * begins again and then sees the newer state.
 */
final class Lookup {
    private static final int ATTEMPTS_MAX = 100;

    /**
     * What was found.
     *
     * @param id inode; 0 for a delete marker
     * @param inode its record; empty for a delete marker
     */
    record Version(ObjectInfo info, long id, Optional<Inode> inode) {}

    private final KeyValueReader store;

    Lookup(final KeyValueReader store) {
        this.store = store;
    }

    static VolumeRecord volume(final KeyValueReader store, final long volume) {
        return Records.volume(store, volume)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no volume " + volume));
    }

    /** The current version, a delete marker included, or the version named. */
    Optional<Version> find(final long volume, final Key key, final Optional<String> version) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            final VolumeRecord record = volume(store, volume);
            final Path path = Path.of(key.toByteArray());
            final Optional<Long> parent = Directories.find(store, record.getRoot(), path);
            if (parent.isEmpty()) {
                return Optional.empty();
            }
            try {
                return version.isEmpty()
                        ? current(volume, record, key, parent.get(), path)
                        : named(volume, record, key, parent.get(), path, version.get());
            } catch (final Vanished raced) {
                Thread.onSpinWait();
            }
        }
        throw new StorageException(Failure.CONFLICT, "the key changes faster than it can be read");
    }

    /** An inode was dropped between two reads. */
    private static final class Vanished extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Vanished() {
            super(null, null, false, false);
        }
    }

    private Optional<Version> current(
            final long volume, final VolumeRecord record, final Key key, final long parent, final Path path) {
        final Optional<Dentry> entry = Records.file(store, parent, path.name());
        if (entry.isPresent()) {
            return Optional.of(file(volume, record, key, entry.get().getInode(), true));
        }
        final Optional<Version> made = explicitDirectory(volume, record, key, parent, path);
        if (made.isPresent()) {
            // A directory made after its key was deleted: the marker is older.
            return made;
        }
        if (record.getVersioning() != 0) {
            final byte[] prefix = Keys.versionPrefix(parent, path.name());
            try (Cursor cursor = store.scan(Families.VERSION, prefix, Keys.after(prefix))) {
                if (cursor.valid()) {
                    return newest(volume, key, Records.versionEntry(cursor.value()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Version> newest(final long volume, final Key key, final VersionEntry newest) {
        if (newest.getInode() != 0) {
            // A name's newest version is its entry; both were moved at once after we looked for the entry.
            throw new Vanished();
        }
        return Optional.of(new Version(ObjectInfos.deleteMarker(volume, key, newest, true), 0, Optional.empty()));
    }

    /** {@code dir/} that was made by mkdir is an empty object. */
    private Optional<Version> explicitDirectory(
            final long volume, final VolumeRecord record, final Key key, final long parent, final Path path) {
        if (path.name().length != 0 || path.directories().isEmpty()) {
            return Optional.empty();
        }
        return Records.inode(store, parent)
                .filter(Inode::getExplicit)
                .map(inode -> new Version(
                        ObjectInfos.of(volume, key, parent, inode, record.getVersioning() != 0, true),
                        parent,
                        Optional.of(inode)));
    }

    private Optional<Version> named(
            final long volume,
            final VolumeRecord record,
            final Key key,
            final long parent,
            final Path path,
            final String version) {
        final boolean wantsNull = version.equals(Versions.NULL);
        final Optional<Dentry> entry = Records.file(store, parent, path.name());
        if (entry.isPresent()) {
            final Version current = file(volume, record, key, entry.get().getInode(), true);
            if (current.info().version().equals(version)) {
                return Optional.of(current);
            }
        }
        final Optional<byte[]> order = wantsNull
                ? store.get(Families.NULL_VERSION, Keys.name(parent, path.name()))
                : Optional.of(Keys.of(Versions.order(version)));
        final Optional<VersionEntry> old = order.flatMap(found -> Records.get(
                store,
                Families.VERSION,
                Keys.version(parent, path.name(), Keys.lastLong(found)),
                VersionEntry.parser()));
        if (old.isEmpty()) {
            return wantsNull ? explicitDirectory(volume, record, key, parent, path) : Optional.empty();
        }
        if (old.get().getInode() == 0) {
            if (old.get().getNullVersion() != wantsNull) {
                return Optional.empty();
            }
            final boolean latest = entry.isEmpty() && isNewest(parent, path.name(), old.get());
            return Optional.of(
                    new Version(ObjectInfos.deleteMarker(volume, key, old.get(), latest), 0, Optional.empty()));
        }
        return Optional.of(file(volume, record, key, old.get().getInode(), false))
                .filter(found -> found.info().version().equals(version));
    }

    private boolean isNewest(final long parent, final byte[] name, final VersionEntry entry) {
        final byte[] prefix = Keys.versionPrefix(parent, name);
        try (Cursor cursor = store.scan(Families.VERSION, prefix, Keys.after(prefix))) {
            return cursor.valid() && Records.versionEntry(cursor.value()).getOrder() == entry.getOrder();
        }
    }

    private Version file(
            final long volume, final VolumeRecord record, final Key key, final long id, final boolean latest) {
        final Inode inode = Records.inode(store, id).orElseThrow(Vanished::new);
        return new Version(
                ObjectInfos.of(volume, key, id, inode, record.getVersioning() != 0, latest), id, Optional.of(inode));
    }
}
