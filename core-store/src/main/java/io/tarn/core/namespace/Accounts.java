package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.QuotaRecord;
import io.tarn.core.namespace.wire.UsageRecord;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.nio.charset.StandardCharsets;

/**
 * Usage of volumes and tenants, counted in the same entry as the change that causes it, and the quotas it is held to. Growth
 * beyond a quota fails the command; shrinking is always allowed.
 */
final class Accounts {
    private final Transaction transaction;

    Accounts(final Transaction transaction) {
        this.transaction = transaction;
    }

    static byte[] tenantKey(final String tenant) {
        return ("t" + tenant).getBytes(StandardCharsets.UTF_8);
    }

    static UsageRecord volumeUsage(final KeyValueReader store, final long volume) {
        return Records.get(store, Families.USAGE, Keys.of(volume), UsageRecord.parser())
                .orElse(UsageRecord.getDefaultInstance());
    }

    static UsageRecord tenantUsage(final KeyValueReader store, final String tenant) {
        return Records.get(store, Families.USAGE, tenantKey(tenant), UsageRecord.parser())
                .orElse(UsageRecord.getDefaultInstance());
    }

    /** Adds to what the volume and its tenant use, in bytes and inodes, either of which may be negative. */
    void charge(final long volume, final VolumeRecord record, final long bytes, final long inodes) {
        if (bytes == 0 && inodes == 0) {
            return;
        }
        final UsageRecord volumeUsage = plus(record, volumeUsage(transaction.store, volume), bytes, inodes);
        check("volume", volumeUsage, bytes, inodes, record.getQuotaBytes(), record.getQuotaInodes());
        final UsageRecord tenantUsage = plus(record, tenantUsage(transaction.store, record.getTenant()), bytes, inodes);
        Records.get(transaction.store, Families.TENANT, tenantKey(record.getTenant()), QuotaRecord.parser())
                .ifPresent(quota -> check(
                        "tenant " + record.getTenant(),
                        tenantUsage,
                        bytes,
                        inodes,
                        quota.getBytes(),
                        quota.getInodes()));
        transaction.put(Families.USAGE, Keys.of(volume), volumeUsage);
        transaction.put(Families.USAGE, tenantKey(record.getTenant()), tenantUsage);
    }

    private static UsageRecord plus(
            final VolumeRecord record, final UsageRecord usage, final long bytes, final long inodes) {
        final long newBytes = usage.getBytes() + bytes;
        final long newInodes = usage.getInodes() + inodes;
        // Of a volume in several shards, one may count what came and another what went; the sum is what counts.
        if (!record.getSpans() && (newBytes < 0 || newInodes < 0)) {
            throw new IllegalStateException("usage would be %d bytes, %d inodes".formatted(newBytes, newInodes));
        }
        return UsageRecord.newBuilder().setBytes(newBytes).setInodes(newInodes).build();
    }

    private static void check(
            final String whose,
            final UsageRecord usage,
            final long bytes,
            final long inodes,
            final long bytesQuota,
            final long inodesQuota) {
        if (bytes > 0 && usage.getBytes() > bytesQuota) {
            throw new StorageException(
                    Failure.QUOTA_EXCEEDED,
                    "%s would hold %d bytes, its quota is %d".formatted(whose, usage.getBytes(), bytesQuota));
        }
        if (inodes > 0 && usage.getInodes() > inodesQuota) {
            throw new StorageException(
                    Failure.QUOTA_EXCEEDED,
                    "%s would hold %d inodes, its quota is %d".formatted(whose, usage.getInodes(), inodesQuota));
        }
    }
}
