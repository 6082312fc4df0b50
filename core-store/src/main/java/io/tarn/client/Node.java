package io.tarn.client;

import java.util.Objects;
import java.util.Optional;

/**
 * An inode as it was at one moment.
 *
 * @param inode identity, unique in the cluster and never used again
 * @param volume volume id
 * @param type what it is
 * @param mode permission, set-id and sticky bits
 * @param uid owner
 * @param gid group
 * @param links names of a file; two and one for each subdirectory for a directory
 * @param size bytes; of a symbolic link, the length of its target
 * @param times when what happened
 * @param device number of a device node
 * @param generation changes with every change of the inode
 * @param contentGeneration changes with every change of the bytes
 * @param target of a symbolic link
 * @param parent of a directory: the directory it is in, itself for a root; 0 for everything else, which may have several names
 */
public record Node(
        long inode,
        long volume,
        NodeType type,
        int mode,
        int uid,
        int gid,
        int links,
        long size,
        NodeTimes times,
        long device,
        long generation,
        long contentGeneration,
        Optional<Key> target,
        long parent) {
    public Node {
        Objects.requireNonNull(type);
        Objects.requireNonNull(times);
        Objects.requireNonNull(target);
    }

    public boolean isDirectory() {
        return type == NodeType.DIRECTORY;
    }

    /** The same with another size, as a writer sees its own file before it is committed. */
    public Node withSize(final long newSize) {
        return new Node(
                inode,
                volume,
                type,
                mode,
                uid,
                gid,
                links,
                newSize,
                times,
                device,
                generation,
                contentGeneration,
                target,
                parent);
    }

    /** The same under another number of names. */
    public Node withLinks(final int newLinks) {
        return new Node(
                inode,
                volume,
                type,
                mode,
                uid,
                gid,
                newLinks,
                size,
                times,
                device,
                generation,
                contentGeneration,
                target,
                parent);
    }

    /** The same with attributes changed, as far as that can be said before it is committed: not a time that the commit gives. */
    public Node with(final AttributeChange change) {
        final NodeTimes changed = new NodeTimes(
                time(change.accessed(), times.accessed()),
                time(change.modified(), times.modified()),
                Math.max(times.changed(), change.changed().orElse(times.changed())),
                times.created());
        return new Node(
                inode,
                volume,
                type,
                change.mode().orElse(mode),
                change.uid().orElse(uid),
                change.gid().orElse(gid),
                links,
                change.size().orElse(size),
                changed,
                device,
                generation,
                contentGeneration,
                target,
                parent);
    }

    private static long time(final Optional<AttributeChange.NewTime> set, final long now) {
        return set.isPresent() && set.get() instanceof final AttributeChange.At at ? at.nanos() : now;
    }
}
