package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore.CommonPrefix;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.VersionEntry;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lists all versions and delete markers: the walk of {@link ObjectLister} over names that are there or ever were. */
final class VersionLister {
    /** No version is as new: generations stay below. */
    private static final long NEWEST = Long.MAX_VALUE;

    private final KeyValueReader store;
    private final long volume;
    private final VolumeRecord record;

    VersionLister(final KeyValueReader store, final long volume) {
        this.store = store;
        this.volume = volume;
        this.record = Lookup.volume(store, volume);
    }

    Listing list(
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> versionMarker,
            final int limit) {
        final byte[] wanted = prefix.toByteArray();
        final byte[] separator = delimiter.toByteArray();
        final byte[] marker = keyMarker.toByteArray();
        final boolean within = versionMarker.isPresent() && Keys.startsWith(marker, wanted);
        final Optional<byte[]> from = within ? Optional.of(marker) : ObjectLister.lowerBound(wanted, separator, marker);
        if (from.isEmpty()) {
            return new Listing(List.of(), false);
        }
        final List<Entry> entries = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(store, VersionedNames::new, record.getRoot(), from.get())) {
            while (entries.size() <= limit && walk.valid()) {
                final byte[] key = walk.key();
                if (!Keys.startsWith(key, wanted)) {
                    break;
                }
                final int rolled = separator.length == 0 ? -1 : ObjectLister.indexOf(key, separator, wanted.length);
                if (rolled >= 0) {
                    final byte[] common = Arrays.copyOf(key, rolled + separator.length);
                    entries.add(new CommonPrefix(Key.of(common)));
                    if (!ObjectLister.skip(walk, common)) {
                        break;
                    }
                } else if (walk.isDirectory()) {
                    enter(walk, key, within && Arrays.equals(key, marker), entries);
                } else {
                    final boolean resumed = within && Arrays.equals(key, marker);
                    final long below = resumed ? position(walk, versionMarker.get()) : NEWEST;
                    addVersions(walk, key, below, limit, entries);
                    walk.next();
                }
            }
        }
        final boolean truncated = entries.size() > limit;
        return new Listing(truncated ? entries.subList(0, limit) : entries, truncated);
    }

    /**
     * The order that the marker's version has or had: what is older follows. A null version that is gone has left no trace of its
     * place; then all versions of the key are given, for a version shown twice does less harm than one left out.
     */
    private long position(final TreeWalk walk, final String marker) {
        if (!marker.equals(Versions.NULL)) {
            return Versions.order(marker);
        }
        final Optional<Long> current = walk.entry()
                .flatMap(entry -> Records.inode(store, entry.getInode()))
                .filter(Inode::getNullVersion)
                .map(Inode::getVersionOrder);
        return current.or(() -> store.get(Families.NULL_VERSION, Keys.name(walk.directory(), walk.name()))
                        .map(Keys::lastLong))
                .orElse(NEWEST);
    }

    private void enter(final TreeWalk walk, final byte[] key, final boolean shownAlready, final List<Entry> entries) {
        final Dentry entry = walk.entry().orElseThrow();
        walk.enter(new byte[0]);
        final boolean hasObject = walk.valid() && Arrays.equals(walk.key(), key);
        if (entry.getExplicit() && !hasObject && !shownAlready) {
            Records.inode(store, entry.getInode())
                    .ifPresent(inode -> entries.add(
                            new Found(ObjectInfos.of(volume, Key.of(key), entry.getInode(), inode, true, true))));
        }
    }

    /** Adds the versions of the walk's name that are older than {@code below}. */
    private void addVersions(
            final TreeWalk walk, final byte[] keyBytes, final long below, final int limit, final List<Entry> entries) {
        final Key key = Key.of(keyBytes);
        final Optional<Dentry> current = walk.entry();
        current.flatMap(entry -> Records.inode(store, entry.getInode())
                        .filter(inode -> inode.getVersionOrder() < below)
                        .map(inode -> info(key, entry.getInode(), inode, true)))
                .ifPresent(found -> entries.add(new Found(found)));
        boolean latest = current.isEmpty();
        final byte[] prefix = Keys.versionPrefix(walk.directory(), walk.name());
        try (Cursor cursor = store.scan(Families.VERSION, prefix, Keys.after(prefix))) {
            for (; cursor.valid() && entries.size() <= limit; cursor.next()) {
                final VersionEntry old = Records.versionEntry(cursor.value());
                if (old.getOrder() < below) {
                    info(key, old, latest).ifPresent(found -> entries.add(new Found(found)));
                }
                latest = false;
            }
        }
    }

    private Optional<ObjectInfo> info(final Key key, final VersionEntry old, final boolean latest) {
        return old.getInode() == 0
                ? Optional.of(ObjectInfos.deleteMarker(volume, key, old, latest))
                : Records.inode(store, old.getInode()).map(inode -> info(key, old.getInode(), inode, latest));
    }

    private ObjectInfo info(final Key key, final long id, final Inode inode, final boolean latest) {
        return ObjectInfos.of(volume, key, id, inode, record.getVersioning() != 0, latest);
    }
}
