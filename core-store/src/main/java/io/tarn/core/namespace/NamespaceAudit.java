package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import java.util.List;

/**
 * Checks every record of a shard against the records it depends on: entries and inodes, counts and flags of directories,
 * versions, slices and block references, extents, uploads, usage, replies. Changes nothing.
 *
 * <p>Cost: some passes over each family with cursors and a point read or two for each row. Memory does not grow with the shard,
 * but for a counter per volume, the slices of one file at a time, and the window of {@link NameCounts}.
 *
 * <p>Threading: {@link #run} works on the calling thread. The reader must be frozen (a snapshot): on a store that changes meanwhile
 * sound state would look broken.
 */
public final class NamespaceAudit {
    private final KeyValueReader store;

    public NamespaceAudit(final KeyValueReader frozen) {
        this.store = frozen;
    }

    /** Everything that is wrong; empty for a sound shard. At most a thousand and one findings are given. */
    public List<Finding> run() {
        final Findings findings = new Findings();
        new TreeAudit(store, findings).run();
        new VersionAudit(store, findings).run();
        new NameCounts(store, findings).run();
        new ContentAudit(store, findings).run();
        new ExtentAudit(store, findings).run();
        new UploadAudit(store, findings).run();
        new UsageAudit(store, findings).run();
        new SessionAudit(store, findings).run();
        new FeedAudit(store, findings).run();
        return findings.all();
    }
}
