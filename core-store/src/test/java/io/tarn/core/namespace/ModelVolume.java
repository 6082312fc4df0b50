package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.UploadRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A bucket in the plainest form: each key with its versions, newest first. Directories are what the keys imply. */
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

    Set<Key> directories() {
        final Set<Key> directories = new HashSet<>();
        keys.keySet().forEach(key -> directories.addAll(directoriesOf(key)));
        return directories;
    }

    Stream<ModelVersion> files() {
        return keys.values().stream().flatMap(List::stream).filter(version -> !version.isMarker());
    }

    Stream<Part> parts() {
        return uploads.values().stream().flatMap(upload -> upload.parts.values().stream());
    }

    Stream<ModelContent> contents() {
        return Stream.concat(files().map(file -> file.content), parts().map(Part::content));
    }

    Usage usage() {
        return new Usage(
                contents().mapToLong(ModelContent::size).sum(),
                contents().count() + directories().size());
    }

    boolean isEmpty() {
        return keys.isEmpty() && uploads.values().stream().allMatch(upload -> upload.completed.isPresent());
    }
}
