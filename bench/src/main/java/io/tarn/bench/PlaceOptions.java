package io.tarn.bench;

import io.tarn.bench.mount.Place;
import io.tarn.bench.process.Serving;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Places as the options of {@code bench/mounts} say. */
final class PlaceOptions {
    private PlaceOptions() {}

    static List<Place> parse(
            final List<String> directories,
            final List<String> pids,
            final Map<String, String> marks,
            final Map<String, String> remounts) {
        final Map<String, Path> named = new LinkedHashMap<>();
        for (final String directory : directories) {
            final int equals = directory.indexOf('=');
            final Path path =
                    Path.of(directory.substring(equals + 1)).toAbsolutePath().normalize();
            if (!Files.isDirectory(path)) {
                throw new IllegalArgumentException(path + " is not a directory");
            }
            final String name = equals < 0 ? String.valueOf(path.getFileName()) : directory.substring(0, equals);
            if (named.put(name, path) != null) {
                throw new IllegalArgumentException("two directories have the name " + name);
            }
        }
        final Map<String, List<Integer>> roots = new LinkedHashMap<>();
        for (final String pid : pids) {
            final int equals = pid.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("--pid takes NAME=PID");
            }
            roots.computeIfAbsent(pid.substring(0, equals), ignored -> new ArrayList<>())
                    .add(Integer.valueOf(pid.substring(equals + 1)));
        }
        List.of(roots.keySet(), marks.keySet(), remounts.keySet()).forEach(used -> {
            if (!named.keySet().containsAll(used)) {
                throw new IllegalArgumentException("no directory has the name of one of " + used);
            }
        });
        return named.entrySet().stream()
                .map(entry -> new Place(
                        entry.getKey(),
                        entry.getValue(),
                        new Serving(
                                roots.getOrDefault(entry.getKey(), List.of()),
                                Optional.ofNullable(marks.get(entry.getKey()))),
                        Optional.ofNullable(remounts.get(entry.getKey()))))
                .toList();
    }
}
