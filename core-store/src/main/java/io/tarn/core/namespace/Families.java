package io.tarn.core.namespace;

import io.tarn.core.kv.Family;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The key spaces of a shard. Names are on disk: never rename, never reuse. Key layouts are in {@link Keys}. */
final class Families {
    static final Family META = Family.of("meta", 0);
    static final Family INODE = Family.of("inode", 0);
    static final Family DENTRY = Family.of("dentry", Long.BYTES);
    static final Family VERSION = Family.of("version", Long.BYTES);
    static final Family NULL_VERSION = Family.of("nullversion", 0);
    static final Family SLICE = Family.of("slice", Long.BYTES);
    static final Family INLINE = new Family("inline", 0, true);
    static final Family EXTENT = Family.of("extent", 0);
    static final Family REFERENCE = Family.of("reference", 2 * Long.BYTES);
    static final Family DOOMED = Family.of("doomed", 0);
    static final Family DIRTY = Family.of("dirty", 0);
    static final Family HELD = Family.of("held", Long.BYTES);
    static final Family VOLUME = Family.of("volume", 0);
    static final Family TENANT = Family.of("tenant", 0);
    static final Family USAGE = Family.of("usage", 0);
    static final Family UPLOAD = Family.of("upload", Long.BYTES);
    static final Family COMPLETED = Family.of("completed", 0);
    static final Family COMPLETION = Family.of("completion", 0);
    static final Family PART = Family.of("part", Long.BYTES);
    static final Family SESSION = Family.of("session", 0);
    static final Family REPLY = Family.of("reply", Long.BYTES);
    static final Family XATTR = Family.of("xattr", Long.BYTES);
    static final Family OPEN = Family.of("open", Long.BYTES);
    static final Family LOCK = Family.of("lock", 0);
    static final Family LOCKED = Family.of("locked", Long.BYTES);
    static final Family LOCK_WAIT = Family.of("lockwait", 2 * Long.BYTES);
    static final Family LEASE = Family.of("lease", 0);
    static final Family LEASE_HOLDER = Family.of("leaseholder", Long.BYTES);
    static final Family DELEGATION = Family.of("delegation", 0);
    static final Family DELEGATED = Family.of("delegated", Long.BYTES);
    static final Family RESERVED = Family.of("reserved", Long.BYTES);
    static final Family FEED = Family.of("feed", Long.BYTES);
    static final Family FEED_RECORD = Family.of("feedrecord", 0);
    static final Family INTENT = Family.of("intent", 1 + Long.BYTES);
    static final Family PREPARED = Family.of("prepared", 0);
    static final Family DECISION = Family.of("decision", 0);
    static final Family ORPHAN = Family.of("orphan", 0);

    /** Keyed by an inode first, and so at home in the inode's shard. */
    static final Set<Family> OF_INODES =
            Set.of(INODE, DENTRY, VERSION, NULL_VERSION, SLICE, INLINE, XATTR, ORPHAN, DOOMED, LOCK, LEASE);
    /** Keyed by an extent first. */
    static final Set<Family> OF_EXTENTS = Set.of(EXTENT, REFERENCE, DIRTY);

    static final List<Family> ALL = List.of(
            META,
            INODE,
            DENTRY,
            VERSION,
            NULL_VERSION,
            SLICE,
            INLINE,
            EXTENT,
            REFERENCE,
            DOOMED,
            DIRTY,
            HELD,
            VOLUME,
            TENANT,
            USAGE,
            UPLOAD,
            COMPLETED,
            COMPLETION,
            PART,
            SESSION,
            REPLY,
            XATTR,
            OPEN,
            LOCK,
            LOCKED,
            LOCK_WAIT,
            LEASE,
            LEASE_HOLDER,
            DELEGATION,
            DELEGATED,
            RESERVED,
            FEED,
            FEED_RECORD,
            INTENT,
            PREPARED,
            DECISION,
            ORPHAN);

    private static final Map<String, Family> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Family::name, family -> family));

    /** The family of a name that stands in a log entry; an unknown one is a broken invariant. */
    static Family named(final String name) {
        final Family family = BY_NAME.get(name);
        if (family == null) {
            throw new IllegalStateException("no family " + name);
        }
        return family;
    }

    private Families() {}
}
