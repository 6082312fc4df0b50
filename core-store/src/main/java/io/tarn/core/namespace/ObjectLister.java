package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore.CommonPrefix;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Lists current versions: one walk from the first key of the page on, then one multi-get for the inodes of the page. Nothing
 * before the page or under a rolled-up prefix is touched.
 */
final class ObjectLister {
    private final KeyValueReader store;
    private final long volume;
    private final VolumeRecord record;

    ObjectLister(final KeyValueReader store, final long volume) {
        this.store = store;
        this.volume = volume;
        this.record = Lookup.volume(store, volume);
    }

    /** An entry before its inode is read; a rolled-up prefix has none. */
    private record Row(byte[] key, long inode) {}

    Listing list(final Key prefix, final Key delimiter, final Key after, final int limit) {
        final byte[] wanted = prefix.toByteArray();
        final byte[] separator = delimiter.toByteArray();
        final Optional<byte[]> from = lowerBound(wanted, separator, after.toByteArray());
        if (from.isEmpty()) {
            return new Listing(List.of(), false);
        }
        final List<Row> rows = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(store, VisibleNames::new, record.getRoot(), from.get())) {
            while (rows.size() <= limit && walk.valid()) {
                final byte[] key = walk.key();
                if (!Keys.startsWith(key, wanted)) {
                    break;
                }
                final int rolled = separator.length == 0 ? -1 : indexOf(key, separator, wanted.length);
                if (rolled >= 0) {
                    final byte[] common = Arrays.copyOf(key, rolled + separator.length);
                    rows.add(new Row(common, 0));
                    if (!skip(walk, common)) {
                        break;
                    }
                } else if (walk.isDirectory()) {
                    enter(walk, key, rows);
                } else {
                    rows.add(new Row(key, walk.entry().orElseThrow().getInode()));
                    walk.next();
                }
            }
        }
        final boolean truncated = rows.size() > limit;
        return new Listing(resolve(truncated ? rows.subList(0, limit) : rows), truncated);
    }

    /** A directory that somebody made is a key of its own, unless an object of that key stands in it. */
    private static void enter(final TreeWalk walk, final byte[] key, final List<Row> rows) {
        final Dentry entry = walk.entry().orElseThrow();
        walk.enter(new byte[0]);
        final boolean hasObject = walk.valid() && Arrays.equals(walk.key(), key);
        if (entry.getExplicit() && !hasObject) {
            rows.add(new Row(key, entry.getInode()));
        }
    }

    /** The smallest key the page can hold; empty where nothing follows the marker. */
    static Optional<byte[]> lowerBound(final byte[] prefix, final byte[] delimiter, final byte[] after) {
        if (after.length == 0 || Arrays.compareUnsigned(after, prefix) < 0) {
            return Optional.of(prefix);
        }
        final boolean rolledUp = delimiter.length > 0
                && after.length >= prefix.length + delimiter.length
                && Keys.startsWith(after, prefix)
                && Arrays.equals(after, after.length - delimiter.length, after.length, delimiter, 0, delimiter.length);
        if (!rolledUp) {
            return Optional.of(Arrays.copyOf(after, after.length + 1));
        }
        final byte[] next = Keys.after(after);
        return next.length == 0 ? Optional.empty() : Optional.of(next);
    }

    /** Past everything under a rolled-up prefix; false when nothing can follow. */
    static boolean skip(final TreeWalk walk, final byte[] common) {
        final byte[] next = Keys.after(common);
        if (next.length == 0) {
            return false;
        }
        walk.skipTo(next);
        return true;
    }

    static int indexOf(final byte[] key, final byte[] delimiter, final int from) {
        for (int at = from; at <= key.length - delimiter.length; at++) {
            if (Arrays.equals(key, at, at + delimiter.length, delimiter, 0, delimiter.length)) {
                return at;
            }
        }
        return -1;
    }

    private List<Entry> resolve(final List<Row> rows) {
        final List<byte[]> wanted = new ArrayList<>(rows.size());
        for (final Row row : rows) {
            if (row.inode() != 0) {
                wanted.add(Keys.of(row.inode()));
            }
        }
        final List<Optional<byte[]>> inodes = store.multiGet(Families.INODE, wanted);
        final List<Entry> entries = new ArrayList<>(rows.size());
        final boolean versioned = record.getVersioning() != 0;
        int next = 0;
        for (final Row row : rows) {
            final Key key = Key.of(row.key());
            if (row.inode() == 0) {
                entries.add(new CommonPrefix(key));
                continue;
            }
            inodes.get(next++)
                    .ifPresent(bytes -> entries.add(new Found(ObjectInfos.of(
                            volume, key, row.inode(), Records.parse(Inode.parser(), bytes), versioned, true))));
        }
        return entries;
    }
}
