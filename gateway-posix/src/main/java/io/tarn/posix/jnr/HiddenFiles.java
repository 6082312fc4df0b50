package io.tarn.posix.jnr;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names that libfuse alone believes in. It finds an inode by its name only, and so renames a file that is removed while it is open, to a
 * {@code .fuse_hidden…} of its own making (unlike with {@code hard_remove}, where a program's fstat(2) fails). Here the name is removed from the
 * directory instead, as it should be, and the made-up name leads to the inode, which lives by being open. So nothing is seen of it by
 * anybody else, directories can be removed, and nothing is left behind.
 *
 * <p>Bounded by the files that are open. Thread-safe.
 */
final class HiddenFiles {
    private static final String PREFIX = ".fuse_hidden";

    private final Map<String, Long> inodes = new ConcurrentHashMap<>();

    /** Whether a path may be one of libfuse's own. */
    static boolean maybe(final String path) {
        return path.startsWith(PREFIX, path.lastIndexOf('/') + 1);
    }

    /** The made-up names are unique within a mount, whatever directory they are said to be in. */
    private static String name(final String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    void add(final String path, final long inode) {
        inodes.put(name(path), inode);
    }

    Optional<Long> inode(final String path) {
        return maybe(path) ? Optional.ofNullable(inodes.get(name(path))) : Optional.empty();
    }

    void remove(final String path) {
        inodes.remove(name(path));
    }

    boolean has(final long inode) {
        return !inodes.isEmpty() && inodes.containsValue(inode);
    }

    /** It is not open any more. */
    void forget(final long inode) {
        inodes.values().removeIf(hidden -> hidden == inode);
    }
}
