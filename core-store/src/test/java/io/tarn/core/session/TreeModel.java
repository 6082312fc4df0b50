package io.tarn.core.session;

import io.tarn.core.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A tree of names as one client alone would have it. Inodes are known by the numbers that the storage gave them. */
final class TreeModel {
    /** What an inode is; a directory's entries, a file's bytes. */
    static final class Thing {
        final boolean directory;
        final TreeMap<String, Long> entries = new TreeMap<>();
        String content = "";
        int mode = 0644;
        int names = 1;

        Thing(final boolean directory) {
            this.directory = directory;
        }
    }

    final Map<Long, Thing> things = new HashMap<>();

    TreeModel(final long root) {
        things.put(root, new Thing(true));
    }

    Thing thing(final long inode) {
        return things.get(inode);
    }

    Optional<Long> find(final long directory, final String name) {
        return Optional.ofNullable(thing(directory).entries.get(name));
    }

    Optional<Failure> make(final long directory, final String name) {
        return find(directory, name).map(taken -> Failure.ALREADY_EXISTS);
    }

    void made(final long directory, final String name, final long inode, final boolean isDirectory) {
        thing(directory).entries.put(name, inode);
        things.put(inode, new Thing(isDirectory));
    }

    Optional<Failure> unlink(final long directory, final String name) {
        final Optional<Long> found = find(directory, name);
        if (found.isEmpty()) {
            return Optional.of(Failure.NOT_FOUND);
        }
        if (thing(found.get()).directory) {
            return Optional.of(Failure.IS_A_DIRECTORY);
        }
        thing(directory).entries.remove(name);
        drop(found.get());
        return Optional.empty();
    }

    private void drop(final long inode) {
        if (--thing(inode).names == 0) {
            things.remove(inode);
        }
    }

    Optional<Failure> removeDirectory(final long directory, final String name) {
        final Optional<Long> found = find(directory, name);
        if (found.isEmpty()) {
            return Optional.of(Failure.NOT_FOUND);
        }
        if (!thing(found.get()).directory) {
            return Optional.of(Failure.NOT_A_DIRECTORY);
        }
        if (!thing(found.get()).entries.isEmpty()) {
            return Optional.of(Failure.NOT_EMPTY);
        }
        thing(directory).entries.remove(name);
        things.remove(found.get());
        return Optional.empty();
    }

    Optional<Failure> link(final long inode, final long directory, final String name) {
        if (find(directory, name).isPresent()) {
            return Optional.of(Failure.ALREADY_EXISTS);
        }
        thing(directory).entries.put(name, inode);
        thing(inode).names++;
        return Optional.empty();
    }

    Optional<Failure> rename(final long from, final String fromName, final long to, final String toName) {
        final Optional<Long> source = find(from, fromName);
        if (source.isEmpty()) {
            return Optional.of(Failure.NOT_FOUND);
        }
        final Optional<Long> target = find(to, toName);
        if (target.equals(source)) {
            return Optional.empty();
        }
        final boolean directory = thing(source.get()).directory;
        if (directory && isWithin(to, source.get())) {
            return Optional.of(Failure.LOOP);
        }
        if (target.isPresent()) {
            final Thing replaced = thing(target.get());
            if (directory != replaced.directory) {
                return Optional.of(directory ? Failure.NOT_A_DIRECTORY : Failure.IS_A_DIRECTORY);
            }
            if (directory && !replaced.entries.isEmpty()) {
                return Optional.of(Failure.NOT_EMPTY);
            }
            if (directory) {
                things.remove(target.get());
            } else {
                drop(target.get());
            }
        }
        thing(from).entries.remove(fromName);
        thing(to).entries.put(toName, source.get());
        return Optional.empty();
    }

    private boolean isWithin(final long directory, final long ancestor) {
        if (directory == ancestor) {
            return true;
        }
        final Thing above = things.get(ancestor);
        return above != null
                && above.directory
                && above.entries.values().stream()
                        .filter(things::containsKey)
                        .filter(inode -> thing(inode).directory)
                        .anyMatch(inode -> isWithin(directory, inode));
    }
}
