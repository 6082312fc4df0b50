package io.tarn.posix.jnr;

import io.tarn.client.Key;
import io.tarn.posix.fs.Attributes;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Entry;
import io.tarn.posix.fs.FileSystem;
import java.util.Optional;

/**
 * Finds what paths lead to, name by name. What a name leads to is remembered by the file system, bounded and kept true by it, as for every transport;
 * a second memory here would only be wrong at other times. So a directory that is moved takes along what is below it, whoever moved it.
 *
 * <p>Cost: one look-up in memory for each name of the path, a few hundred nanoseconds. Thread-safe.
 */
final class Paths {
    private final FileSystem fileSystem;
    private final HiddenFiles hidden;

    Paths(final FileSystem fileSystem, final HiddenFiles hidden) {
        this.fileSystem = fileSystem;
        this.hidden = hidden;
    }

    /** A name in a directory. */
    record Place(long parent, Key name) {}

    /** The attributes of what a path leads to. */
    Attributes attributes(final Caller caller, final String path) {
        final Optional<Long> nameless = hidden.inode(path);
        if (nameless.isPresent()) {
            return fileSystem.attributes(caller, nameless.get()).attributes();
        }
        if (path.length() <= 1) {
            return fileSystem.attributes(caller, FileSystem.ROOT).attributes();
        }
        final Place place = place(caller, path);
        return lookup(caller, place.parent(), place.name()).attributes();
    }

    long inode(final Caller caller, final String path) {
        return hidden.inode(path)
                .orElseGet(() -> path.length() <= 1
                        ? FileSystem.ROOT
                        : attributes(caller, path).inode());
    }

    /** The directory of the last name, and the name. */
    Place place(final Caller caller, final String path) {
        long directory = FileSystem.ROOT;
        int from = 1;
        for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', from)) {
            directory = lookup(caller, directory, NativeBytes.key(path.substring(from, slash)))
                    .attributes()
                    .inode();
            from = slash + 1;
        }
        return new Place(directory, NativeBytes.key(path.substring(from)));
    }

    /** The kernel counts references to libfuse's numbers, not to inodes: none is held longer than a call. */
    private Entry lookup(final Caller caller, final long parent, final Key name) {
        return made(fileSystem.lookup(caller, parent, name));
    }

    Entry made(final Entry entry) {
        fileSystem.forget(entry.attributes().inode(), 1);
        return entry;
    }
}
