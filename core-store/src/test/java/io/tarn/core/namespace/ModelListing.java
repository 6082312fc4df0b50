package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore.CommonPrefix;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.ObjectStore.Listing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Listings as their definition says, by looking at every key. */
final class ModelListing {
    private ModelListing() {}

    static Listing list(
            final ModelVolume volume, final Key prefix, final Key delimiter, final Key after, final int limit) {
        final List<Entry> all = new ArrayList<>();
        final TreeMap<Key, ObjectInfo> shown = new TreeMap<>();
        made(volume, volume.versioned()).forEach(shown::put);
        volume.keys.keySet().forEach(key -> volume.current(key)
                .ifPresent(current -> shown.put(key, current.info(volume.id, key, volume.versioned(), true))));
        shown.forEach((key, info) -> {
            if (listed(key, prefix, delimiter, after)) {
                add(all, key, prefix, delimiter, () -> List.of(new Found(info)));
            }
        });
        return page(all, limit);
    }

    static Listing versions(
            final ModelVolume volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> versionMarker,
            final int limit) {
        final List<Entry> all = new ArrayList<>();
        final TreeMap<Key, List<ModelVersion>> shown = new TreeMap<>();
        final TreeMap<Key, ObjectInfo> made = made(volume, true);
        made.keySet().forEach(key -> shown.put(key, List.of()));
        shown.putAll(volume.keys);
        shown.forEach((key, versions) -> {
            final boolean resumed = versionMarker.isPresent() && key.equals(keyMarker);
            final boolean wanted = resumed ? key.startsWith(prefix) : listed(key, prefix, delimiter, keyMarker);
            if (wanted) {
                add(all, key, prefix, delimiter, () -> {
                    final List<Entry> found = new ArrayList<>();
                    boolean started = !resumed;
                    if (versions.isEmpty() && started) {
                        found.add(new Found(made.get(key)));
                    }
                    for (final ModelVersion version : versions) {
                        if (started) {
                            found.add(new Found(version.info(
                                    volume.id,
                                    key,
                                    version.isMarker() || volume.versioned(),
                                    version == versions.getFirst())));
                        }
                        started |= version.version().equals(versionMarker.orElse(""));
                    }
                    return found;
                });
            }
        });
        return page(all, limit);
    }

    /** Directories that somebody made are keys of their own. */
    private static TreeMap<Key, ObjectInfo> made(final ModelVolume volume, final boolean versioned) {
        final TreeMap<Key, ObjectInfo> made = new TreeMap<>();
        volume.directories.forEach((key, directory) -> {
            if (directory.explicit) {
                made.put(key, madeDirectory(volume, key, directory.id, versioned));
            }
        });
        return made;
    }

    /** A directory as S3 sees it, without its generation and time. */
    static ObjectInfo madeDirectory(
            final ModelVolume volume, final Key key, final long inode, final boolean versioned) {
        return new ObjectInfo(
                volume.id,
                key,
                inode,
                0,
                "null",
                versioned,
                true,
                false,
                0,
                0,
                "d41d8cd98f00b204e9800998ecf8427e",
                "",
                ObjectMeta.NONE,
                List.of());
    }

    @FunctionalInterface
    private interface Entries {
        List<Entry> of();
    }

    private static void add(
            final List<Entry> all, final Key key, final Key prefix, final Key delimiter, final Entries entries) {
        final Optional<Key> rolled = rolledUp(key, prefix, delimiter);
        if (rolled.isEmpty()) {
            all.addAll(entries.of());
        } else if (all.isEmpty() || !all.getLast().equals(new CommonPrefix(rolled.get()))) {
            all.add(new CommonPrefix(rolled.get()));
        }
    }

    private static Listing page(final List<Entry> all, final int limit) {
        return new Listing(all.subList(0, Math.min(limit, all.size())), all.size() > limit);
    }

    static boolean listed(final Key key, final Key prefix, final Key delimiter, final Key after) {
        if (!key.startsWith(prefix) || (!after.isEmpty() && key.compareTo(after) <= 0)) {
            return false;
        }
        final boolean beyondRolledUp = rolledUp(after, prefix, delimiter).isPresent() && endsWith(after, delimiter);
        return !(beyondRolledUp && key.startsWith(after));
    }

    private static boolean endsWith(final Key key, final Key suffix) {
        final byte[] bytes = key.toByteArray();
        return Arrays.equals(
                bytes, bytes.length - suffix.length(), bytes.length, suffix.toByteArray(), 0, suffix.length());
    }

    /** The key up to the first delimiter after the prefix. */
    static Optional<Key> rolledUp(final Key key, final Key prefix, final Key delimiter) {
        if (delimiter.isEmpty() || !key.startsWith(prefix)) {
            return Optional.empty();
        }
        final byte[] bytes = key.toByteArray();
        for (int end = prefix.length() + delimiter.length(); end <= bytes.length; end++) {
            if (Arrays.equals(bytes, end - delimiter.length(), end, delimiter.toByteArray(), 0, delimiter.length())) {
                return Optional.of(Key.of(Arrays.copyOf(bytes, end)));
            }
        }
        return Optional.empty();
    }
}
