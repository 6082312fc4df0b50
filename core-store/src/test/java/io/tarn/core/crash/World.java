package io.tarn.core.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that clients can see: every version of every name with its bytes, and every upload with its parts. Immutable. Ids that are not
 * known yet, because nobody was told of them, are {@link #UNTOLD} and match any.
 */
record World(Map<Name, List<Version>> names, Map<String, Upload> uploads) {
    static final String UNTOLD = "?";
    static final World EMPTY = new World(Map.of(), Map.of());

    World {
        names = Map.copyOf(names);
        uploads = Map.copyOf(uploads);
    }

    record Name(long volume, String key) implements Comparable<Name> {
        @Override
        public int compareTo(final Name other) {
            return volume == other.volume ? key.compareTo(other.key) : Long.compare(volume, other.volume);
        }
    }

    /** @param content empty for a delete marker */
    record Version(String id, Optional<Bytes> content) {
        boolean matches(final Version seen) {
            return content.equals(seen.content) && (id.equals(UNTOLD) || id.equals(seen.id));
        }
    }

    /** @param parts entity tags by number */
    record Upload(Name name, Map<Integer, String> parts) {
        Upload {
            parts = Map.copyOf(parts);
        }
    }

    List<Version> versions(final Name name) {
        return names.getOrDefault(name, List.of());
    }

    Optional<Bytes> current(final Name name) {
        return versions(name).stream().findFirst().flatMap(Version::content);
    }

    World with(final Name name, final List<Version> versions) {
        final Map<Name, List<Version>> changed = new TreeMap<>(names);
        if (versions.isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, List.copyOf(versions));
        }
        return new World(changed, uploads);
    }

    /** Without versioning the only version, else the newest. */
    World withNewest(final Name name, final boolean versioned, final Version version) {
        final List<Version> all = new ArrayList<>();
        all.add(version);
        if (versioned) {
            all.addAll(versions(name));
        }
        return with(name, all);
    }

    World withUpload(final String id, final Upload upload) {
        final Map<String, Upload> changed = new HashMap<>(uploads);
        changed.put(id, upload);
        return new World(names, changed);
    }

    World withoutUpload(final String id) {
        final Map<String, Upload> changed = new HashMap<>(uploads);
        changed.remove(id);
        return new World(names, changed);
    }

    /** What {@code seen} has otherwise than this, in words; empty when nothing. */
    Optional<String> difference(final World seen) {
        for (final Name name : new TreeMap<>(names).keySet()) {
            if (!same(versions(name), seen.versions(name))) {
                return Optional.of("%s has %s instead of %s".formatted(name, seen.versions(name), versions(name)));
            }
        }
        for (final Name name : seen.names.keySet()) {
            if (!names.containsKey(name)) {
                return Optional.of("%s has %s and should not exist".formatted(name, seen.versions(name)));
            }
        }
        return uploadDifference(seen);
    }

    private static boolean same(final List<Version> expected, final List<Version> seen) {
        if (expected.size() != seen.size()) {
            return false;
        }
        for (int at = 0; at < expected.size(); at++) {
            if (!expected.get(at).matches(seen.get(at))) {
                return false;
            }
        }
        return true;
    }

    private Optional<String> uploadDifference(final World seen) {
        final Map<String, Upload> unknown = new HashMap<>(seen.uploads);
        for (final Map.Entry<String, Upload> upload : uploads.entrySet()) {
            if (!upload.getKey().equals(UNTOLD) && !upload.getValue().equals(unknown.remove(upload.getKey()))) {
                return Optional.of("upload %s is %s instead of %s"
                        .formatted(upload.getKey(), seen.uploads.get(upload.getKey()), upload.getValue()));
            }
        }
        final List<Upload> untold = uploads.containsKey(UNTOLD) ? List.of(uploads.get(UNTOLD)) : List.of();
        return untold.equals(List.copyOf(unknown.values()))
                ? Optional.empty()
                : Optional.of("uploads %s should not exist".formatted(unknown));
    }
}
