package io.tarn.client;

import java.util.Objects;
import java.util.Optional;

/**
 * One change.
 *
 * @param position where it stands in its volume's feed; rises with every event
 * @param type what happened
 * @param kind what it happened to
 * @param origin where the content came from, of an object that was put
 * @param timeNanos when, in nanoseconds since the epoch; the same as in the inode's times
 * @param inode identity; 0 for a delete marker
 * @param name the name concerned: its new one after a rename. Empty for a change of an inode that was not reached by a name
 * @param oldName the name before a rename
 * @param size bytes after the change (of what was removed: before it); 0 for directories
 * @param contentGeneration changes with the bytes
 * @param links names that the inode has after the change
 * @param mode POSIX permission bits
 * @param uid owning user
 * @param gid owning group
 * @param etag entity tag without quotes; empty where there is none
 * @param version version id; empty for directories
 * @param owner {@code tenant/user} of who wrote the object
 * @param xattr the extended attribute that was set or removed
 * @param session session of the client that did it
 * @param principal {@code tenant/user} of who did it, where the protocol told
 */
public record ChangeEvent(
        long position,
        Type type,
        Kind kind,
        Optional<Origin> origin,
        long timeNanos,
        long inode,
        Optional<Name> name,
        Optional<Name> oldName,
        long size,
        long contentGeneration,
        int links,
        int mode,
        int uid,
        int gid,
        String etag,
        String version,
        String owner,
        Optional<Key> xattr,
        long session,
        Optional<String> principal) {
    public ChangeEvent {
        Objects.requireNonNull(type);
        Objects.requireNonNull(kind);
    }

    /** What happened. */
    public enum Type {
        /** A name came to be, and what bears it. */
        CREATED,
        /** Bytes were replaced, written, appended or joined. */
        CONTENT,
        /** Mode, owner, times, tags or other metadata were set. */
        ATTRIBUTES,
        /** A name, or a version, went. */
        REMOVED,
        /** A name was exchanged for another. */
        RENAMED,
        /** A delete marker became the newest version of a name. */
        DELETE_MARKER,
        /** A file got another name. */
        LINKED,
        /** The size was set. */
        TRUNCATED,
        /** An extended attribute was set or removed. */
        XATTR,
        /** A client changes what is in a directory without telling at once: what is remembered of that holds no longer. */
        DELEGATED
    }

    /** Where the content of an object came from. */
    public enum Origin {
        /** It was sent. */
        WRITTEN,
        /** It is that of another object. */
        COPIED,
        /** It was joined from the parts of an upload. */
        UPLOADED
    }

    /** What bears a name. */
    public enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK,
        /** Character or block device, pipe or socket. */
        SPECIAL
    }

    /**
     * A name at the moment of the change.
     *
     * @param parent inode of its directory
     * @param name within the directory
     * @param path from the volume's root, without a slash at either end; empty where it is longer than any protocol's or
     *     leads through several shards
     */
    public record Name(long parent, Key name, Key path) {}
}
