package io.tarn.posix.fs;

import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.TarnClient;
import io.tarn.client.Volume;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is mounted: a volume, or a directory in it.
 *
 * @param volume its name
 * @param directory names from the volume's root down to the directory
 */
public record MountTarget(String volume, List<Key> directory) {
    public MountTarget {
        directory = List.copyOf(directory);
    }

    /**
     * Reads {@code VOLUME[/sub/dir]}.
     *
     * @throws IllegalArgumentException with a message for a person
     */
    public static MountTarget parse(final String text) {
        final String[] parts = text.split("/", -1);
        if (parts[0].isEmpty()) {
            throw new IllegalArgumentException("a volume is wanted, as VOLUME or VOLUME/directory, not " + text);
        }
        final List<Key> names = new ArrayList<>();
        for (int at = 1; at < parts.length; at++) {
            if (parts[at].equals(".") || parts[at].equals("..")) {
                throw new IllegalArgumentException("the directory of a volume is given in full, not by " + parts[at]);
            }
            if (!parts[at].isEmpty()) {
                names.add(Key.of(parts[at]));
            }
        }
        return new MountTarget(parts[0], names);
    }

    /** Where it is: {@code NOT_FOUND}, {@code NOT_A_DIRECTORY}. */
    Place find(final TarnClient client) {
        final Volume found = client.administration()
                .volume(volume)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "there is no volume " + volume));
        final Inodes inodes = client.inodes();
        final long root = inodes.root(found.id()).inode();
        final List<Node> way = inodes.resolve(root, directory);
        if (way.size() <= directory.size()) {
            throw new StorageException(
                    way.getLast().isDirectory() ? Failure.NOT_FOUND : Failure.NOT_A_DIRECTORY,
                    "volume %s has no directory %s".formatted(volume, path()));
        }
        if (!way.getLast().isDirectory()) {
            throw new StorageException(
                    Failure.NOT_A_DIRECTORY, "%s of volume %s is no directory".formatted(path(), volume));
        }
        return new Place(found.id(), way.getLast().inode());
    }

    private String path() {
        return String.join("/", directory.stream().map(Key::toString).toList());
    }

    /** A volume's id and the inode of a directory in it. */
    record Place(long volume, long directory) {}
}
