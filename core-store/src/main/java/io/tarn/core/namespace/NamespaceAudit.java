package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import java.util.List;
import java.util.Map;

/**
 * Checks every record of the shards against the records it depends on: entries and inodes, counts and flags of directories,
 * versions, slices and block references, extents, uploads, usage, replies. Changes nothing.
 *
 * <p>Cost: some passes over each family with cursors and a point read or two for each row. Memory does not grow with the shard,
 * but for a counter per volume and open file, the slices of one file at a time, and the window of {@link NameCounts}.
 *
 * <p>Threading: {@link #run} works on the calling thread. The reader must be frozen (a snapshot): on a store that changes meanwhile
 * sound state would look broken.
 */
public final class NamespaceAudit {
    private final Map<Integer, KeyValueReader> shards;

    /** For a shard that is alone. */
    public NamespaceAudit(final KeyValueReader frozen) {
        this(Map.of(0, frozen));
    }

    /** @param frozen every shard by number, at a moment when no commit between them was under way */
    public NamespaceAudit(final Map<Integer, KeyValueReader> frozen) {
        this.shards = Map.copyOf(frozen);
    }

    /** Everything that is wrong; empty for a sound shard. At most a thousand and one findings are given. */
    public List<Finding> run() {
        final Findings findings = new Findings();
        final AllShards store = new AllShards(shards);
        new TreeAudit(store, findings).run();
        new VersionAudit(store, findings).run();
        new NameCounts(store, findings).run();
        new ContentAudit(store, findings).run();
        new ExtentAudit(store, findings).run();
        new UsageAudit(store, findings).run();
        shards.keySet().forEach(number -> {
            final KeyValueReader shard = new AllShardsReader(shards, number);
            new UploadAudit(shard, findings).run();
            new SessionAudit(shard, findings).run();
            new OpenAudit(shard, findings).run();
            new DelegationAudit(shard, findings).run();
            new FeedAudit(shard, findings).run();
        });
        return findings.all();
    }
}
