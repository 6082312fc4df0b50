package io.tarn.posix.fs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a POSIX file system does, in memory and as plainly as can be: outcomes are an errno or none. Paths are already resolved. */
final class ModelTree {
    /** An inode. */
    static final class Inode {
        final int type;
        int mode;
        int uid;
        int gid;
        int links = 1;
        byte[] bytes = new byte[0];
        String target = "";
        final Map<String, Inode> children = new TreeMap<>();
        final Map<String, byte[]> xattrs = new HashMap<>();
        Inode parent;

        Inode(final int type, final int mode) {
            this.type = type;
            this.mode = mode;
        }

        boolean isDirectory() {
            return type == Modes.DIRECTORY;
        }

        boolean isWithin(final Inode directory) {
            return this == directory || (parent != null && parent != this && parent.isWithin(directory));
        }

        int shownLinks() {
            return isDirectory()
                    ? 2
                            + (int) children.values().stream()
                                    .filter(Inode::isDirectory)
                                    .count()
                    : links;
        }

        long size() {
            return type == Modes.SYMLINK ? target.getBytes(StandardCharsets.UTF_8).length : bytes.length;
        }

        void resize(final int size) {
            bytes = Arrays.copyOf(bytes, size);
        }

        void write(final int offset, final byte[] data) {
            resize(Math.max(bytes.length, offset + data.length));
            System.arraycopy(data, 0, bytes, offset, data.length);
        }

        byte[] read(final int offset, final int length) {
            return Arrays.copyOfRange(bytes, Math.min(offset, bytes.length), Math.min(offset + length, bytes.length));
        }
    }

    final Inode root = new Inode(Modes.DIRECTORY, 0755);

    ModelTree() {
        root.parent = root;
    }

    static Optional<Errno> make(final Inode directory, final String name, final Inode made) {
        if (directory.children.containsKey(name)) {
            return Optional.of(Errno.EEXIST);
        }
        directory.children.put(name, made);
        made.parent = directory;
        if ((directory.mode & Modes.SET_GID) != 0) {
            made.gid = directory.gid;
            made.mode |= made.isDirectory() ? Modes.SET_GID : 0;
        }
        return Optional.empty();
    }

    /** What opening with O_CREAT and without O_EXCL does to a name that is there. */
    static Optional<Errno> openExisting(final Inode there) {
        if (there.isDirectory()) {
            return Optional.of(Errno.EISDIR);
        }
        return there.type == Modes.FILE ? Optional.empty() : Optional.of(Errno.ESTALE);
    }

    static Optional<Errno> link(final Inode inode, final Inode directory, final String name) {
        if (inode.isDirectory()) {
            return Optional.of(Errno.EPERM);
        }
        if (directory.children.containsKey(name)) {
            return Optional.of(Errno.EEXIST);
        }
        directory.children.put(name, inode);
        inode.links++;
        return Optional.empty();
    }

    static Optional<Errno> unlink(final Inode directory, final String name) {
        final Inode inode = directory.children.get(name);
        if (inode == null) {
            return Optional.of(Errno.ENOENT);
        }
        if (inode.isDirectory()) {
            return Optional.of(Errno.EISDIR);
        }
        directory.children.remove(name);
        inode.links--;
        return Optional.empty();
    }

    static Optional<Errno> removeDirectory(final Inode directory, final String name) {
        final Inode inode = directory.children.get(name);
        if (inode == null) {
            return Optional.of(Errno.ENOENT);
        }
        if (!inode.isDirectory()) {
            return Optional.of(Errno.ENOTDIR);
        }
        if (!inode.children.isEmpty()) {
            return Optional.of(Errno.ENOTEMPTY);
        }
        directory.children.remove(name);
        return Optional.empty();
    }

    static Optional<Errno> rename(
            final Inode from, final String name, final Inode to, final String newName, final int flags) {
        final Inode source = from.children.get(name);
        final Inode target = to.children.get(newName);
        if (source == null) {
            return Optional.of(Errno.ENOENT);
        }
        if (flags == OpenFlags.RENAME_NO_REPLACE && target != null) {
            return Optional.of(Errno.EEXIST);
        }
        if (flags == OpenFlags.RENAME_EXCHANGE && target == null) {
            return Optional.of(Errno.ENOENT);
        }
        if (source == target) {
            return Optional.empty();
        }
        if (source.isDirectory() && to.isWithin(source)) {
            return Optional.of(Errno.EINVAL);
        }
        if (flags == OpenFlags.RENAME_EXCHANGE) {
            return exchange(from, name, to, newName);
        }
        if (target != null) {
            if (source.isDirectory() && !target.isDirectory()) {
                return Optional.of(Errno.ENOTDIR);
            }
            if (!source.isDirectory() && target.isDirectory()) {
                return Optional.of(Errno.EISDIR);
            }
            if (!target.children.isEmpty()) {
                return Optional.of(Errno.ENOTEMPTY);
            }
            target.links--;
        }
        from.children.remove(name);
        to.children.put(newName, source);
        source.parent = to;
        return Optional.empty();
    }

    private static Optional<Errno> exchange(final Inode from, final String name, final Inode to, final String newName) {
        final Inode source = from.children.get(name);
        final Inode target = to.children.get(newName);
        if (target.isDirectory() && from.isWithin(target)) {
            return Optional.of(Errno.EINVAL);
        }
        from.children.put(name, target);
        to.children.put(newName, source);
        target.parent = from;
        source.parent = to;
        return Optional.empty();
    }
}
