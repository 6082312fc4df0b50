package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.UploadRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A bucket in the plainest form: each key with its versions, newest first. Directories are what the keys imply, and what somebody made. */
final class ModelVolume {
    private static final Map<Key, List<Key>> DIRECTORIES = new ConcurrentHashMap<>();

    final long id;
    final long root;
    final String tenant;
    Versioning versioning;
    long quotaBytes;
    long quotaInodes;
    final TreeMap<Key, List<ModelVersion>> keys = new TreeMap<>();
    final TreeMap<Long, Upload> uploads = new TreeMap<>();
    /** All directories but the root, by their keys with the slash; hidden ones too. */
    final TreeMap<Key, Directory> directories = new TreeMap<>();
    /** Files by inode, those that have no name any more and are held open too. */
    final TreeMap<Long, ModelVersion> inodes = new TreeMap<>();

    final Directory rootDirectory;

    static final class Directory {
        final long id;
        boolean explicit;
        int mode = Directories.IMPLIED_MODE;
        final TreeMap<Key, ByteString> xattrs = new TreeMap<>();

        Directory(final long id) {
            this.id = id;
        }
    }

    /** An upload, open or completed. */
    static final class Upload {
        final Key key;
        final UploadRecord record;
        final TreeMap<Integer, Part> parts = new TreeMap<>();
        Optional<Reply> completed = Optional.empty();
        long completedNanos;

        Upload(final Key key, final UploadRecord record) {
            this.key = key;
            this.record = record;
        }
    }

    record Part(PartRecord record, ModelContent content) {}

    ModelVolume(final long id, final long root, final String tenant) {
        this.id = id;
        this.root = root;
        this.tenant = tenant;
        this.rootDirectory = new Directory(root);
        this.rootDirectory.explicit = true;
    }

    boolean versioned() {
        return versioning != Versioning.OFF;
    }

    List<ModelVersion> versions(final Key key) {
        return keys.getOrDefault(key, List.of());
    }

    /** What a GET without a version finds. */
    Optional<ModelVersion> current(final Key key) {
        return versions(key).stream().findFirst().filter(version -> !version.isMarker());
    }

    Optional<ModelVersion> version(final Key key, final String version) {
        return versions(key).stream()
                .filter(found -> found.version().equals(version))
                .findFirst();
    }

    /** A new newest version, be it a file or a delete marker. */
    void add(final Key key, final ModelVersion added) {
        final List<ModelVersion> all = new ArrayList<>(versions(key));
        switch (versioning) {
            case OFF -> all.clear();
            case SUSPENDED -> all.removeIf(version -> version.nullVersion);
            case ENABLED -> {
                // Everything stays.
            }
        }
        all.addFirst(added);
        keys.put(key, all);
    }

    void remove(final Key key, final ModelVersion removed) {
        final List<ModelVersion> all = new ArrayList<>(versions(key));
        all.remove(removed);
        if (all.isEmpty()) {
            keys.remove(key);
        } else {
            keys.put(key, all);
        }
    }

    /** The keys of the directories on the way; remembered, for the alphabet is small and asked for all the time. */
    static List<Key> directoriesOf(final Key key) {
        return DIRECTORIES.computeIfAbsent(key, ModelVolume::prefixes);
    }

    private static List<Key> prefixes(final Key key) {
        final byte[] bytes = key.toByteArray();
        return IntStream.range(0, bytes.length)
                .filter(at -> bytes[at] == '/')
                .mapToObj(at -> Key.of(Arrays.copyOf(bytes, at + 1)))
                .toList();
    }

    /** The directories there have to be: those that somebody made, and those that a key or another directory implies. */
    Set<Key> impliedDirectories() {
        final Set<Key> implied = new TreeSet<>();
        keys.keySet().forEach(key -> implied.addAll(directoriesOf(key)));
        directories.forEach((key, directory) -> {
            if (directory.explicit) {
                implied.addAll(directoriesOf(key));
            }
        });
        return implied;
    }

    /** Whether anybody but a listing of versions sees the directory. */
    boolean isVisible(final Key directory) {
        return directory.isEmpty()
                || below(directories, directory).entrySet().stream().anyMatch(entry -> entry.getValue().explicit)
                || below(keys, directory).keySet().stream()
                        .anyMatch(key -> current(key).isPresent());
    }

    static <T> SortedMap<Key, T> below(final TreeMap<Key, T> map, final Key prefix) {
        if (prefix.isEmpty()) {
            return map;
        }
        final byte[] end = prefix.toByteArray();
        end[end.length - 1]++;
        return map.subMap(prefix, Key.of(end));
    }

    /** Drops directories that nothing implies and files that have neither a name nor anybody who holds them open. */
    void sweep() {
        directories.keySet().retainAll(impliedDirectories());
        final Map<Long, Integer> links = new TreeMap<>();
        files().forEach(version -> {
            links.merge(version.inode, 1, Integer::sum);
            inodes.put(version.inode, version);
        });
        inodes.values().removeIf(version -> version.opens.isEmpty() && !links.containsKey(version.inode));
        inodes.values().forEach(version -> version.count(links.getOrDefault(version.inode, 0)));
    }

    Stream<ModelVersion> files() {
        return keys.values().stream().flatMap(List::stream).filter(version -> !version.isMarker());
    }

    /** Every file once, however many names it has. */
    private Stream<ModelVersion> distinctFiles() {
        final Map<Long, ModelVersion> all = new TreeMap<>();
        inodes.values().stream()
                .filter(version -> !version.opens.isEmpty())
                .forEach(version -> all.put(version.inode, version));
        files().forEach(version -> all.put(version.inode, version));
        return all.values().stream();
    }

    Stream<Part> parts() {
        return uploads.values().stream().flatMap(upload -> upload.parts.values().stream());
    }

    Stream<ModelContent> contents() {
        return Stream.concat(distinctFiles().map(file -> file.content), parts().map(Part::content));
    }

    Usage usage() {
        return new Usage(
                contents().mapToLong(ModelContent::size).sum(), contents().count() + directories.size());
    }

    boolean isEmpty() {
        return keys.isEmpty()
                && directories.isEmpty()
                && inodes.isEmpty()
                && uploads.values().stream().allMatch(upload -> upload.completed.isPresent());
    }
}
