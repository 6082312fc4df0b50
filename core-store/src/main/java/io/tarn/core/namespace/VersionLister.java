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
        final Optional<byte[]> from =
                within ? Optional.of(marker) : ObjectLister.lowerBound(wanted, separator, marker);
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
                    enter(walk, key, entries);
                } else {
                    final boolean resumed = within && Arrays.equals(key, marker);
                    addVersions(walk, key, resumed ? versionMarker : Optional.empty(), limit, entries);
                    walk.next();
                }
            }
        }
        final boolean truncated = entries.size() > limit;
        return new Listing(truncated ? entries.subList(0, limit) : entries, truncated);
    }

    private void enter(final TreeWalk walk, final byte[] key, final List<Entry> entries) {
        final Dentry entry = walk.entry().orElseThrow();
        walk.enter(new byte[0]);
        final boolean hasObject = walk.valid() && Arrays.equals(walk.key(), key);
        if (entry.getExplicit() && !hasObject) {
            Records.inode(store, entry.getInode())
                    .ifPresent(inode -> entries.add(
                            new Found(ObjectInfos.of(volume, Key.of(key), entry.getInode(), inode, true, true))));
        }
    }

    private void addVersions(
            final TreeWalk walk,
            final byte[] keyBytes,
            final Optional<String> after,
            final int limit,
            final List<Entry> entries) {
        final Key key = Key.of(keyBytes);
        final Optional<Dentry> current = walk.entry();
        boolean started = after.isEmpty();
        if (current.isPresent()) {
            final Optional<ObjectInfo> info = info(key, current.get().getInode(), true);
            if (started) {
                info.ifPresent(found -> entries.add(new Found(found)));
            } else {
                started = info.filter(found -> found.version().equals(after.get()))
                        .isPresent();
            }
        }
        boolean latest = current.isEmpty();
        final byte[] prefix = Keys.versionPrefix(walk.directory(), walk.name());
        try (Cursor cursor = store.scan(Families.VERSION, prefix, Keys.after(prefix))) {
            for (; cursor.valid() && entries.size() <= limit; cursor.next()) {
                final VersionEntry old = Records.versionEntry(cursor.value());
                if (started) {
                    info(key, old, latest).ifPresent(found -> entries.add(new Found(found)));
                } else {
                    started =
                            Versions.text(old.getNullVersion(), old.getOrder()).equals(after.get());
                }
                latest = false;
            }
        }
    }

    private Optional<ObjectInfo> info(final Key key, final VersionEntry old, final boolean latest) {
        return old.getInode() == 0
                ? Optional.of(ObjectInfos.deleteMarker(volume, key, old, latest))
                : info(key, old.getInode(), latest);
    }

    private Optional<ObjectInfo> info(final Key key, final long id, final boolean latest) {
        final Optional<Inode> inode = Records.inode(store, id);
        return inode.map(found -> ObjectInfos.of(volume, key, id, found, record.getVersioning() != 0, latest));
    }
}
