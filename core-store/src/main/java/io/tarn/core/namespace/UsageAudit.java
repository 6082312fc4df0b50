package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.UsageRecord;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What volumes and tenants use, counted anew from the inodes; and that no inode is beyond the counter that gives out ids. */
final class UsageAudit {
    private static final UsageRecord NOTHING = UsageRecord.getDefaultInstance();

    private final AllShards store;
    private final Findings findings;
    private final Map<Long, UsageRecord> volumes = new TreeMap<>();
    private final Map<String, UsageRecord> tenants = new TreeMap<>();

    UsageAudit(final AllShards store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEach(
                store, Families.INODE, (key, value) -> count(Keys.lastLong(key), Records.parse(Inode.parser(), value)));
        // A volume in several shards has a record in each.
        final Map<Long, VolumeRecord> known = new TreeMap<>();
        FamilyRows.forEach(
                store,
                Families.VOLUME,
                (key, value) -> known.put(Keys.lastLong(key), Records.parse(VolumeRecord.parser(), value)));
        known.forEach(this::volume);
        volumes.forEach((volume, usage) -> findings.expect(
                Records.volume(store, volume).isPresent(),
                "%d inodes are of volume %d, which is gone",
                usage.getInodes(),
                volume));
        tenants.forEach((tenant, usage) ->
                compare("tenant " + tenant, usage, sum(shard -> Accounts.tenantUsage(shard, tenant))));
        FamilyRows.forEachPrefix(store, Families.EXTENT, id -> belowCounter("extent", Transaction.NEXT_EXTENT, id));
    }

    private void count(final long id, final Inode inode) {
        belowCounter("inode", Transaction.NEXT_INODE, id);
        if (inode.getContentOnly()) {
            return;
        }
        // A root comes and goes with its volume and is not charged.
        final boolean root = inode.getParent() == id;
        volumes.merge(
                inode.getVolume(),
                UsageRecord.newBuilder()
                        .setBytes(inode.getSize())
                        .setInodes(root ? 0 : 1)
                        .build(),
                UsageAudit::plus);
    }

    private void volume(final long id, final VolumeRecord record) {
        final UsageRecord usage = volumes.getOrDefault(id, NOTHING);
        compare("volume " + id, usage, sum(shard -> Accounts.volumeUsage(shard, id)));
        tenants.merge(record.getTenant(), usage, UsageAudit::plus);
    }

    private UsageRecord sum(final Function<KeyValueReader, UsageRecord> part) {
        return store.shards().stream().map(part).reduce(NOTHING, UsageAudit::plus);
    }

    private static UsageRecord plus(final UsageRecord left, final UsageRecord right) {
        return UsageRecord.newBuilder()
                .setBytes(left.getBytes() + right.getBytes())
                .setInodes(left.getInodes() + right.getInodes())
                .build();
    }

    private void compare(final String whose, final UsageRecord counted, final UsageRecord recorded) {
        findings.expect(
                counted.equals(recorded),
                "%s uses %d bytes and %d inodes, recorded are %d and %d",
                whose,
                counted.getBytes(),
                counted.getInodes(),
                recorded.getBytes(),
                recorded.getInodes());
    }

    private void belowCounter(final String what, final byte[] counter, final long id) {
        final long next = store.shard(Territory.shardOf(id))
                .get(Families.META, counter)
                .map(Keys::lastLong)
                .orElse(1L);
        findings.expect(
                Transaction.sequence(id) < next, "%s %x is not below the next id to be given, %x", what, id, next);
    }
}
