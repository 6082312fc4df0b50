package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.OpenRecord;
import java.util.HashMap;
import java.util.Map;

/** What sessions hold open of a shard's inodes is what these count; memory grows with the inodes that are open. */
final class OpenAudit {
    private final KeyValueReader store;
    private final Findings findings;
    private final Map<Long, Count> counted = new HashMap<>();

    /** Sessions that have an inode open, and those of them that may write. */
    private record Count(int opens, int writers) {
        static final Count NONE = new Count(0, 0);

        Count plus(final Count other) {
            return new Count(opens + other.opens, writers + other.writers);
        }
    }

    OpenAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEach(store, Families.OPEN, (key, value) -> {
            final OpenRecord record = Records.parse(OpenRecord.parser(), value);
            final long inode = Keys.lastLong(key);
            findings.expect(
                    record.getReading() + record.getWriting() > 0
                            && Records.inode(store, inode).isPresent(),
                    "inode %x is held open by session %x, in no way or not being there",
                    inode,
                    Keys.longAt(key, 0));
            counted.merge(inode, new Count(1, record.getWriting() > 0 ? 1 : 0), Count::plus);
        });
        FamilyRows.forEach(store, Families.INODE, (key, value) -> {
            final Inode inode = Records.parse(Inode.parser(), value);
            final Count count = counted.getOrDefault(Keys.lastLong(key), Count.NONE);
            findings.expect(
                    inode.getOpens() == count.opens() && inode.getWriters() == count.writers(),
                    "inode %x counts %d sessions that have it open and %d that write; there are %d and %d",
                    Keys.lastLong(key),
                    inode.getOpens(),
                    inode.getWriters(),
                    count.opens(),
                    count.writers());
            findings.expect(
                    !inode.getEpisode() || count.writers() > 0,
                    "inode %x is in an episode of writers and has none",
                    Keys.lastLong(key));
        });
    }
}
