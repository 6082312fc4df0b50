package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * Goes through the keys of a subtree in byte order, which is the order of a depth-first walk because a directory's name sorts with
 * its slash. One cursor per level; a directory costs one seek, a key in it one step. Not thread-safe.
 *
 * <p>At a directory the walk stops before going in: the caller may {@link #skipTo} beyond it (a rolled-up prefix) or {@link #enter}.
 */
final class TreeWalk implements AutoCloseable {
    private final KeyValueReader store;
    private final Opener opener;
    private final Deque<Level> levels = new ArrayDeque<>();

    /** How the names of a directory are read. */
    @FunctionalInterface
    interface Opener {
        NameCursor open(KeyValueReader store, long directory, byte[] from);
    }

    private record Level(long directory, byte[] path, NameCursor names) {}

    TreeWalk(final KeyValueReader store, final Opener opener, final long root, final byte[] from) {
        this.store = store;
        this.opener = opener;
        open(root, new byte[0], from);
    }

    /** Opens a directory at the first name that can hold keys ≥ {@code from}, a key relative to it, going down as far as needed. */
    private void open(final long directory, final byte[] path, final byte[] from) {
        long id = directory;
        byte[] here = path;
        byte[] rest = from;
        while (true) {
            final int slash = indexOfSlash(rest);
            final byte[] first = slash < 0 ? rest : Arrays.copyOf(rest, slash + 1);
            final NameCursor names = opener.open(store, id, first);
            levels.push(new Level(id, here, names));
            if (slash < 0 || !names.valid() || !Arrays.equals(names.name(), first)) {
                return;
            }
            final Dentry entry = names.entry().orElseThrow();
            rest = Arrays.copyOfRange(rest, slash + 1, rest.length);
            if (rest.length == 0) {
                return;
            }
            here = join(here, first);
            id = entry.getInode();
            names.next();
        }
    }

    private static int indexOfSlash(final byte[] bytes) {
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '/') {
                return at;
            }
        }
        return -1;
    }

    static byte[] join(final byte[] path, final byte[] name) {
        final byte[] joined = Arrays.copyOf(path, path.length + name.length);
        System.arraycopy(name, 0, joined, path.length, name.length);
        return joined;
    }

    /** Whether the walk stands on an entry. */
    boolean valid() {
        while (!levels.isEmpty() && !levels.peek().names().valid()) {
            levels.pop().names().close();
        }
        return !levels.isEmpty();
    }

    /** Full key of the entry; a directory's ends in a slash. */
    byte[] key() {
        final Level level = levels.element();
        return join(level.path(), level.names().name());
    }

    /** The directory that holds the entry. */
    long directory() {
        return levels.element().directory();
    }

    byte[] name() {
        return levels.element().names().name();
    }

    boolean isDirectory() {
        final byte[] name = levels.element().names().name();
        return name.length > 0 && name[name.length - 1] == '/';
    }

    Optional<Dentry> entry() {
        return levels.element().names().entry();
    }

    /** Past the entry and, for a directory, all below it. */
    void next() {
        levels.element().names().next();
    }

    /** Into the directory the walk stands on, at the first key ≥ {@code from} (relative to it). */
    void enter(final byte[] from) {
        final Level level = levels.element();
        final byte[] path = key();
        final long directory = level.names().entry().orElseThrow().getInode();
        level.names().next();
        open(directory, path, from);
    }

    /** Forward to the first key ≥ {@code key}, which must lie beyond the current one. */
    void skipTo(final byte[] key) {
        while (!levels.isEmpty() && !Keys.startsWith(key, levels.element().path())) {
            levels.pop().names().close();
        }
        if (levels.isEmpty()) {
            return;
        }
        final Level level = levels.element();
        final byte[] rest = Arrays.copyOfRange(key, level.path().length, key.length);
        final int slash = indexOfSlash(rest);
        final byte[] first = slash < 0 ? rest : Arrays.copyOf(rest, slash + 1);
        level.names().seek(first);
        if (slash >= 0 && level.names().valid() && Arrays.equals(level.names().name(), first)) {
            final byte[] below = Arrays.copyOfRange(rest, slash + 1, rest.length);
            if (below.length > 0) {
                enter(below);
            }
        }
    }

    @Override
    public void close() {
        while (!levels.isEmpty()) {
            levels.pop().names().close();
        }
    }
}
