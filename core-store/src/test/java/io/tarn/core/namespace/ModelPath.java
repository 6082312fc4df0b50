package io.tarn.core.namespace;

import io.tarn.client.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A key as the directory it is in and the name it has there. */
record ModelPath(Key directory, long parent, byte[] name) {
    static ModelPath of(final ModelVolume volume, final Key key) {
        final byte[] bytes = key.toByteArray();
        int slash = bytes.length - 1;
        while (slash >= 0 && bytes[slash] != '/') {
            slash--;
        }
        final Key directory = Key.of(Arrays.copyOf(bytes, slash + 1));
        return new ModelPath(directory, id(volume, directory), Arrays.copyOfRange(bytes, slash + 1, bytes.length));
    }

    /** The same for a directory's key, whose slash is not of its name. */
    static ModelPath ofDirectory(final ModelVolume volume, final Key key) {
        return of(volume, Key.of(Arrays.copyOf(key.toByteArray(), key.length() - 1)));
    }

    static long id(final ModelVolume volume, final Key directory) {
        return directory.isEmpty() ? volume.root : volume.directories.get(directory).id;
    }

    /** The key of a directory by its inode. */
    static Optional<Key> directory(final ModelVolume volume, final long inode) {
        if (inode == volume.root) {
            return Optional.of(Key.EMPTY);
        }
        return volume.directories.entrySet().stream()
                .filter(entry -> entry.getValue().id == inode)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    static Key join(final Key directory, final byte[] name) {
        final byte[] joined = Arrays.copyOf(directory.toByteArray(), directory.length() + name.length);
        System.arraycopy(name, 0, joined, directory.length(), name.length);
        return Key.of(joined);
    }

    static Key directoryKey(final Key directory, final byte[] name) {
        return join(join(directory, name), new byte[] {'/'});
    }

    /** What POSIX sees in a directory. */
    record Child(byte[] name, boolean directory, byte[] shown) {}

    static List<Child> children(final ModelVolume volume, final Key directory) {
        final List<Child> children = new ArrayList<>();
        ModelVolume.below(volume.directories, directory).keySet().forEach(key -> {
            final Optional<byte[]> name = nameIn(directory, Key.of(Arrays.copyOf(key.toByteArray(), key.length() - 1)));
            if (key.length() > directory.length() && name.isPresent() && volume.isVisible(key)) {
                children.add(new Child(name.get(), true, NameEscape.shown(name.get(), false)));
            }
        });
        ModelVolume.below(volume.keys, directory).keySet().forEach(key -> {
            final Optional<byte[]> name = nameIn(directory, key);
            if (name.filter(found -> found.length > 0).isPresent()
                    && volume.current(key).isPresent()) {
                final Key beside = directoryKey(directory, name.get());
                final boolean both = volume.directories.containsKey(beside) && volume.isVisible(beside);
                children.add(new Child(name.get(), false, NameEscape.shown(name.get(), both)));
            }
        });
        return children;
    }

    private static Optional<byte[]> nameIn(final Key directory, final Key key) {
        if (key.length() < directory.length()) {
            return Optional.empty();
        }
        final byte[] name = Arrays.copyOfRange(key.toByteArray(), directory.length(), key.length());
        for (final byte b : name) {
            if (b == '/') {
                return Optional.empty();
            }
        }
        return Optional.of(name);
    }
}
